"""What a title makes of its body, on small articles whose attributions are given by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.headline import headline
from onrecord.headline.modality import (
    ALLEGED,
    CONSIDERED,
    DECIDED,
    DENIED,
    DONE,
    PLANNED,
    POSSIBLE,
    WANTED,
    level_at,
)
from onrecord.headline.stems import number_of, stem
from onrecord.headline.words import words_in
from onrecord.record import (
    Attribution,
    Capture,
    GenreMark,
    HeadlineCheck,
    Metadata,
    Page,
    Region,
    SentenceVoice,
)
from onrecord.span import Span
from onrecord.terms import AttributionKind, AttributionStance, Genre, RegionKind, Voice

# A source of the article: its name, its cue, and the words it is given, each as they stand there.
Said = tuple[str, str, str]


def checked(
    title: str,
    *paragraphs: str,
    said: tuple[Said, ...] = (),
    denied: tuple[Said, ...] = (),
    subtitle: str = "",
    genre: Genre = Genre.NOT_STATED,
) -> tuple[Page, HeadlineCheck]:
    """The check of an article in which every paragraph is one sentence."""
    parts = [(RegionKind.TITLE, title)]
    if subtitle:
        parts.append((RegionKind.SUBTITLE, subtitle))
    parts += [(RegionKind.BODY, words) for words in paragraphs]
    text, regions = "", []
    for kind, words in parts:
        text += "\n\n" if text else ""
        regions.append(Region(kind, Span(len(text), len(text) + len(words))))
        text += words
    body = text.index(paragraphs[0], regions[0].span.end) if paragraphs else len(text)

    def place(words: str) -> Span | None:
        return Span(at := text.index(words, body), at + len(words)) if words else None

    attributions = tuple(
        Attribution(
            id=f"a{i}",
            kind=AttributionKind.INDIRECT,
            source=place(source),
            cue=place(cue),
            content=(place(content),),
            stance=stance,
        )
        for stance, group in (
            (AttributionStance.ASSERTS, said),
            (AttributionStance.DENIES, denied),
        )
        for i, (source, cue, content) in enumerate(group)
    )
    page = Page(
        url=None, retrieved=None, digest="0" * 64, media_type="text/plain", text=text,
        regions=tuple(regions), metadata=Metadata(), links=None, images=None, markup=None,
        genre=GenreMark(genre, ""),
    )  # fmt: skip
    spans = tuple(r.span for r in regions)
    voices = tuple(SentenceVoice(span, Voice.PUBLISHER) for span in spans)
    return page, headline(page, spans, attributions, voices)


def findings(title: str, *paragraphs: str, **more) -> set[str]:
    return {str(finding) for finding in checked(title, *paragraphs, **more)[1].findings}


FIRST = "The mayor of Tarn has pocketed relief money."
CLAIMS = "Former aide Ola Brandt claims that the mayor pocketed relief money in May."
DENIES = "Mayor Agnes Tolle denied the accusation."
FUND = "The fund was set up after the flood and holds four million crowns."
BRANDT = ("Former aide Ola Brandt", "claims", "the mayor pocketed relief money in May")
BRANDT_SAYS = ("Former aide Ola Brandt", "said", "the mayor pocketed relief money in May")
TITLE = "Mayor of Tarn pocketed relief money"


def test_claim_of_a_doubtful_cue_that_is_denied_is_dropped_attribution():
    assert findings(TITLE, FIRST, CLAIMS, DENIES, FUND, said=(BRANDT,)) == {"drops_attribution"}


def test_accusation_without_denial_is_enough():
    body = CLAIMS.replace("claims", "said")
    assert findings(TITLE, FIRST, body, FUND, said=(BRANDT_SAYS,)) == {"drops_attribution"}


@pytest.mark.parametrize(
    ("title", "subtitle"),
    [
        ("Mayor of Tarn pocketed relief money, ex-aide says", ""),
        ("Ex-aide: Mayor of Tarn pocketed relief money", ""),
        ("Mayor of Tarn pocketed relief money – former aide", ""),
        ('Mayor of Tarn "pocketed relief money"', ""),
        ("Mayor of Tarn ‘pocketed relief money’", ""),
        ("Ex-aide claims mayor of Tarn pocketed relief money", ""),
        ("Mayor of Tarn accused of pocketing relief money", ""),
        ("Mayor of Tarn allegedly pocketed relief money", ""),
        (TITLE, "Ex-aide makes the accusation; town hall denies it"),
    ],
)
def test_title_or_subtitle_that_names_a_source_drops_nothing(title, subtitle):
    given_findings = findings(title, FIRST, CLAIMS, DENIES, FUND, said=(BRANDT,), subtitle=subtitle)
    assert "drops_attribution" not in given_findings


def test_publisher_who_carries_the_claim_after_the_first_paragraph_drops_nothing():
    own = "Bank papers show how the mayor pocketed the relief money in three payments."
    assert "drops_attribution" not in findings(TITLE, FIRST, CLAIMS, own, DENIES, said=(BRANDT,))


def test_conviction_settles_an_accusation():
    court = "The court convicted the mayor, who had pocketed the relief money, on six counts."
    assert findings(TITLE, court, CLAIMS, DENIES, said=(BRANDT,)) == {"faithful"}


def test_act_of_saying_is_faithful_though_it_is_disputed():
    assert findings(
        "Brewer sues rival over bottle",
        "The brewer Graustein is suing its rival Pellmann over a bottle.",
        "Graustein claims that the bottle was copied.",
        "Pellmann rejected the accusation.",
        said=(("Graustein", "claims", "the bottle was copied"),),
    ) == {"faithful"}


def test_undisputed_statement_of_the_police_is_a_neutral_note():
    assert findings(
        "Three killed in fire in Hallow",
        "Three people died in a fire in Hallow on Monday, police said.",
        "The cause was not known.",
        said=(("police", "said", "Three people died in a fire in Hallow on Monday"),),
    ) == {"faithful", "carried_by_source"}


def test_evidence_names_who_carries_and_who_denies():
    page, check = checked(TITLE, FIRST, CLAIMS, DENIES, FUND, said=(BRANDT,))
    shown = {(e.role, e.span.of(page.text)) for e in check.evidence}
    assert ("title", TITLE) in shown
    assert ("states", FIRST) in shown
    assert ("carries", BRANDT[2]) in shown
    assert ("doubt", "claims") in shown
    assert ("denies", DENIES) in shown


OVERSTATED = [
    ("attempted", "Ministry moving inmates to Gannet Island",
     "The ministry is trying to move inmates to Gannet Island."),
    ("planned", "Council closes library in Pell", "The council plans to close the library in Pell."),
    ("considered", "Ferrum buys Norvik", "Ferrum is in talks to buy Norvik."),
    ("possible", "Tram line will be scrapped", "The tram line may be scrapped."),
    ("wanted", "Senator to run for president", "The senator is considering running for president."),
    ("alleged", "Nurse poisoned four patients", "A nurse is accused of poisoning four patients."),
    ("effect", "New pill cures migraine", "The new pill reduced migraine in some patients."),
    ("part", "Fire destroys market hall", "The fire damaged part of the market hall."),
    ("all", "All nurses reject offer", "Of the nurses, 71 percent voted to reject the offer."),
    ("entire", "Entire village opposes quarry", "Most of the village opposes the quarry."),
    ("number", "Storm kills 40 in Velmar", "The storm killed 14 people in Velmar."),
    ("vague number", "Thousands march against quarry",
     "Hundreds of people marched against the quarry."),
    ("force", "Police secretly searched office", "Police searched the office with a warrant."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "body"), [c[1:] for c in OVERSTATED], ids=[c[0] for c in OVERSTATED]
)
def test_title_stronger_than_every_sentence_overstates(title, body):
    assert findings(title, body, "Nothing else is known about it.") == {"overstates"}


@pytest.mark.parametrize(
    ("title", "body"), [c[1:] for c in OVERSTATED], ids=[c[0] for c in OVERSTATED]
)
def test_same_title_is_faithful_where_a_sentence_is_as_strong(title, body):
    equal = title + "."
    assert findings(title, body, equal, "Nothing else is known about it.") == {"faithful"}


def test_association_is_no_cause():
    study = "People who drink coffee were less likely to lose their memory, a study found."
    cannot = "It is an association, and the authors cannot say that coffee is the reason."
    assert findings("Coffee prevents memory loss", study, cannot) == {"overstates"}
    assert "faithful" in findings("Coffee linked to less memory loss", study, cannot)


def test_first_paragraph_without_source_is_no_support_for_a_disputed_claim():
    assert findings(
        "Ministry moving inmates to Gannet Island",
        "The ministry is secretly moving inmates to Gannet Island.",
        "Lawyer Tess Marden claims that the ministry is trying to move inmates to Gannet Island.",
        "The ministry dismissed the claim.",
        said=(("Lawyer Tess Marden", "claims",
               "the ministry is trying to move inmates to Gannet Island"),),
    ) == {"drops_attribution", "overstates"}  # fmt: skip


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Firm to cut 400 jobs", "The firm will axe 400 jobs by spring."),
        ("Probe into blaze at plant", "An investigation into the fire at the factory has begun."),
        ("Minister quits over ferry deal", "The minister resigned over the ferry contract."),
        ("12,000 homes lose power", "About 11,960 households were without electricity on Sunday."),
        ("Twelve hurt in crash", "The collision injured 12 people."),
        ("WHO backs new jab", "The World Health Organization has approved the new vaccine."),
        ("Wolves double in decade", "The number of wolves has doubled in ten years."),
        ("Shipwreck found off Melos", "Divers discovered the wreck of a ship near Melos."),
    ],
)
def test_headline_words_for_the_same_thing_are_support(title, body):
    assert "faithful" in findings(title, body, "More is not known at present.")


def test_first_paragraph_given_back_to_a_source_is_theirs():
    assert findings(
        "Bishop knew of abuse",
        "The bishop of Wells knew of abuse for eleven years.",
        "That at least is what two former choirboys allege.",
        "Bishop Lacey said that he had no memory of it.",
    ) == {"drops_attribution"}


def test_name_of_the_first_paragraph_stands_for_what_the_title_describes():
    assert findings(
        "Energy giant manipulated gas prices",
        "Helvor, the largest gas supplier, manipulated prices in winter.",
        "Karin Roos claims that Helvor manipulated prices for weeks.",
        "The firm called the charge false.",
        said=(("Karin Roos", "claims", "Helvor manipulated prices for weeks"),),
    ) == {"drops_attribution"}


def test_word_before_a_colon_alone_makes_a_label():
    body = "Video games cause short sight in children."
    assert findings("Video games cause short sight", body, "No more is known.") == {"faithful"}
    assert findings("Video: games and short sight", body) == {"question_or_label"}


def test_event_that_the_body_never_names_is_not_in_body():
    assert findings(
        "Mayor resigns after bridge collapse",
        "The mayor promised an inquiry into the collapse of the bridge.",
        "Eleven people were injured.",
    ) == {"not_in_body"}


@pytest.mark.parametrize(
    "title",
    [
        "Is your tap water making you tired?",
        "What we know about the Hallow fire",
        "How the new voting system works",
        "In pictures: the lantern parade",
        "Hallow fire: a timeline",
        "Five things to know about the vote",
    ],
)
def test_questions_and_labels_assert_nothing(title):
    assert findings(title, "Three people died in a fire in Hallow.") == {"question_or_label"}


@pytest.mark.parametrize("genre", [Genre.OPINION, Genre.SATIRE, Genre.INTERVIEW, Genre.LIVE])
def test_form_that_speaks_for_a_person_is_not_asked(genre):
    assert findings(TITLE, FIRST, CLAIMS, said=(BRANDT,), genre=genre) == {"not_applicable"}


def test_page_without_title_or_body_has_no_finding():
    assert checked("A title alone")[1].findings == frozenset()
    bare = Page(
        url=None, retrieved=None, digest="0" * 64, media_type="text/plain", text="Body.",
        regions=(Region(RegionKind.BODY, Span(0, 5)),), metadata=Metadata(), links=None,
        images=None, markup=None, genre=GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip
    check = headline(bare, (Span(0, 5),), (), ())
    assert check.findings == frozenset()
    assert check.title is None


LEVELS = [
    ("The council closed the library", "closed", DONE),
    ("The council has voted to close it", "close", DECIDED),
    ("The council will close the library", "close", DECIDED),
    ("The library is to close in May", "close", DECIDED),
    ("The council plans to close the library", "close", PLANNED),
    ("The council has been trying to close it", "close", WANTED),
    ("The council proposes closing it", "closing", WANTED),
    ("The council is considering closing it", "closing", CONSIDERED),
    ("They are in talks to close it", "close", CONSIDERED),
    ("The library could be closed", "closed", POSSIBLE),
    ("He asked whether they close it", "close", POSSIBLE),
    ("He is accused of having closed it", "closed", ALLEGED),
    ("The council did not close it", "close", DENIED),
    ("The council refused to close it", "close", DENIED),
    ("The council managed to close it", "close", DONE),
    ("A close would cost them dear", "close", POSSIBLE),
    ("She is considering her resignation", "resignation", CONSIDERED),
    ("It was found in May, closed and empty", "closed", DONE),  # a month, no modal
    ("They are considering a vote to close it", "close", CONSIDERED),
    ("It would be illogical to close it", "close", CONSIDERED),
]


@pytest.mark.parametrize(("text", "verb", "level"), LEVELS, ids=[c[0] for c in LEVELS])
def test_level_at_which_a_verb_is_stated(text, verb, level):
    words = words_in(text, Span(0, len(text)))
    assert level_at(words, next(i for i, w in enumerate(words) if w.low == verb)) == level


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("resigned", "resignation"), ("stole", "stealing"), ("closes", "closure"),
        ("associated", "association"), ("libraries", "library"), ("sues", "suing"),
        ("investigators", "investigation"), ("planned", "plan"), ("mayor's", "mayor"),
    ],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("word", "following", "number"),
    [("2.3", "million", 2_300_000), ("twelve", "", 12), ("forty-two", "", 42), ("12,000", "", 12_000),
     ("$5bn", "", 5_000_000_000), ("three", "hundred", 300)],
)  # fmt: skip
def test_numbers_are_read_in_figures_and_letters(word, following, number):
    assert number_of(word, following)[0] == number


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="abc ABC 0123.,:?'\"“”–-\u00a0é漢", min_size=1, max_size=60),
    st.lists(st.text(alphabet="abc ABC 0123.,:?'\"“”–-é漢", min_size=1, max_size=80), max_size=4),
)
def test_any_title_and_body_give_spans_inside_the_text(title, paragraphs):
    page, check = checked(title, *paragraphs)
    for shown in check.evidence:
        assert 0 <= shown.span.start < shown.span.end <= len(page.text)
    if check.findings:
        alone = {"faithful", "not_in_body", "question_or_label", "not_applicable"}
        assert len({str(f) for f in check.findings} & alone) <= 1


def test_saved_page_drops_the_attribution_and_overstates(shared):
    from onrecord.attribution.rules import attributions
    from onrecord.attribution.speakers import speakers
    from onrecord.attribution.voices import sentence_voices
    from onrecord.read import read
    from onrecord.read.sentences import sentences

    body = (shared / "cases/news_page_with_badge.txt").read_bytes()
    page = read(Capture(None, None, "text/plain; charset=utf-8", body))
    spans = sentences(page)
    found = attributions(page, spans)
    voices = sentence_voices(page, spans, attributions=found, speakers=speakers(page, found))
    check = headline(page, spans, found, voices)
    assert {str(f) for f in check.findings} == {"drops_attribution", "overstates"}
    roles = {(e.role, e.span.of(page.text).split()[0]) for e in check.evidence}
    assert ("unsupported", "Moving") in roles


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Council hid cracks in bridge", "There is no crack in the bridge today"),
        ("Ferry carried toxic paint", "The ferry sails without toxic paint"),
    ],
)
def test_what_is_said_not_to_be_there_carries_no_title(title, said):
    page, check = checked(
        title,
        "The paper Den wrote about the harbour on Monday.",
        f"{said}, the mayor said.",
        said=(("the mayor", "said", said),),
    )
    assert "carries" not in {e.role for e in check.evidence}, page.text
    assert not check.findings & {"drops_attribution", "carried_by_source"}


def test_accusation_told_in_other_words_and_denied_is_dropped_attribution():
    assert findings(
        "Nurses falsified records at care home",
        "Nurses at the Ashgrove home ticked off checks that they never made, relatives said.",
        "The operator disputes the claims.",
        "It has run the place since 2011.",
        said=(
            (
                "relatives",
                "said",
                "Nurses at the Ashgrove home ticked off checks that they never made",
            ),
        ),
    ) == {"drops_attribution"}


def test_act_that_would_be_a_wrong_is_no_act_of_saying():
    assert findings(
        "Striker Bello demanded bribe",
        "Striker Tunde Bello demanded a bribe from the club, its former director alleges.",
        "Bello called the accusation false.",
        said=(
            (
                "its former director",
                "alleges",
                "Striker Tunde Bello demanded a bribe from the club",
            ),
        ),
    ) == {"drops_attribution"}


@pytest.mark.parametrize(
    "title",
    [
        "Delegates fuel party warfare over vote rules",
        "Here's why the mayor quit",
        "Right after the debate, he launched a missile",
    ],
)
def test_images_of_a_feature_are_no_missing_events(title):
    body = "Delegates met in Tarn on Monday to talk about the rules of the vote."
    assert "not_in_body" not in findings(title, body, "They will meet again in June.")


def test_act_of_which_no_sentence_speaks_is_not_in_body():
    assert findings(
        "Army deploys tanks to border",
        "The ministry has ordered boots from a firm in Harmouth.",
        "An army marches on its feet, its head of supplies said.",
    ) == {"not_in_body"}


def test_event_told_in_a_weaker_form_overstates():
    assert findings(
        "Toddler dies after fall",
        "A toddler is in a critical condition after a fall from a swing.",
        "The parents were beside the child.",
    ) == {"overstates"}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Hundreds mourn crew", "Several hundred people mourned the crew in Port Ellis."),
        ("Refugees set fire to hostel", "Refugees set fire to the hostel in Tarn."),
        ("MPs back assisted dying", "Parliament voted to allow the ill to end their lives."),
        ("Dentist struck off", "The dentist was banned from practising for life."),
        ("Secret weapon of the Hornets", "Hornets substitute Pell scored twice on Monday."),
    ],
)
def test_idioms_and_round_numbers_are_no_faults(title, body):
    faults = {"drops_attribution", "overstates", "not_in_body"}
    assert not findings(title, body, "More is not known.") & faults
