"""Names that must not move a score, put out of a sentence before the scorer reads it.

Parties, countries, peoples, outlets and people are each replaced by one stand-in of their kind, so
that the same sentence gets the same score whomever it is about. What is on none of the lists stays.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["masked"]

_COUNTRIES = (
    "Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan Bahrain "
    "Bangladesh Belarus Belgium Bolivia Botswana Brazil Britain Bulgaria Cambodia Cameroon Canada "
    "Chad Chile China Colombia Congo Croatia Cuba Cyprus Czechia Denmark Ecuador Egypt England "
    "Eritrea Estonia Ethiopia Finland France Georgia Germany Ghana Greece Guatemala Haiti Honduras "
    "Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan "
    "Kenya Kosovo Kuwait Laos Latvia Lebanon Liberia Libya Lithuania Luxembourg Malaysia Mali Malta "
    "Mexico Moldova Mongolia Morocco Mozambique Myanmar Namibia Nepal Netherlands Nicaragua Niger "
    "Nigeria Norway Oman Pakistan Palestine Panama Paraguay Peru Philippines Poland Portugal Qatar "
    "Romania Russia Rwanda Scotland Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan "
    "Sweden Switzerland Syria Taiwan Tanzania Thailand Tunisia Turkey Uganda Ukraine Uruguay "
    "Uzbekistan Venezuela Vietnam Wales Yemen Zambia Zimbabwe America"
)
_COUNTRY_PHRASES = (
    "(?:[Tt]he )?(?:United States(?: of America)?|United Kingdom|Soviet Union|European Union)|"
    "(?:South|North) (?:Korea|Macedonia)|South Africa|South Sudan|Saudi Arabia|New Zealand|"
    "Sri Lanka|El Salvador|Costa Rica|Sierra Leone|Ivory Coast|Northern Ireland|Burkina Faso|"
    "(?:[Tt]he )?(?:U\\.S\\.|US|USA|U\\.K\\.|UK|EU|UAE)(?![\\w$])"
)
_PEOPLES = (
    "Afghan Albanian Algerian Argentine American Arab Armenian Australian Austrian Bangladeshi "
    "Belarusian Belgian Bolivian Brazilian British Bulgarian Canadian Chilean Chinese Colombian "
    "Congolese Croatian Cuban Czech Danish Dutch Egyptian English Estonian Ethiopian European Finnish "
    "French Georgian German Ghanaian Greek Haitian Hungarian Indian Indonesian Iranian Iraqi Irish "
    "Israeli Italian Jamaican Japanese Jordanian Kenyan Korean Kurdish Kuwaiti Latvian Lebanese "
    "Libyan Lithuanian Malaysian Mexican Moroccan Nigerian Norwegian Pakistani Palestinian Peruvian "
    "Polish Portuguese Romanian Russian Rwandan Saudi Scottish Serbian Slovak Somali Spanish Sudanese "
    "Swedish Swiss Syrian Taiwanese Thai Tunisian Turkish Ugandan Ukrainian Venezuelan Vietnamese "
    "Welsh Yemeni Zambian Zimbabwean"
)
_PARTY = (
    "Republican|Democratic|Democrat|Conservative|Labour|Liberal(?: Democrat)?|Socialist|Green|"
    "Nationalist|Libertarian|Communist|Unionist|Separatist|Progressive|Tory|Social Democrat(?:ic)?|"
    "Christian Democrat(?:ic)?|[Ll]eft-wing(?:er)?|[Rr]ight-wing(?:er)?|[Ff]ar-(?:right|left)|"
    "[Ll]eftist|[Rr]ightist|conservative|liberal|progressive|[Pp]ro-European|[Aa]nti-European|GOP"
)
_OUTLETS = (
    "Fox News|Fox|CNN|MSNBC|NBC(?: News)?|CBS(?: News)?|ABC News|NPR|PBS|(?:[Tt]he )?BBC|RT|"
    "Al Jazeera|Sky News|Reuters|Xinhua|(?:[Tt]he )?Associated Press|AP|AFP|Bloomberg|Politico|"
    "Breitbart(?: News)?|HuffPost|(?:[Tt]he )?Huffington Post|BuzzFeed|Vox|Newsweek|Le Monde|Le Figaro|"
    "El Pais|Der Spiegel|[Tt]he (?:Guardian|Telegraph|Independent|Sun|Economist|Atlantic|Hill|"
    "Daily (?:Mail|Mirror|Caller|Beast|Telegraph)|New York (?:Times|Post)|Wall Street Journal|"
    "Washington (?:Post|Times|Examiner)|Los Angeles Times|Financial Times)|USA Today|"
    "Daily Mail|New York (?:Times|Post)|Washington (?:Post|Times)|Wall Street Journal"
)
# Stand-ins were chosen for plainness, not tried out: a large country that the training sentences
# seldom name, a party of many countries, a paper without a name, the commonest surname.
_COUNTRY, _PEOPLE, _PARTY_NAME, _OUTLET, _PERSON = (
    "Canada", "Canadian", "Liberal", "the newspaper", "Smith"
)  # fmt: skip


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    from onrecord.given_names import EITHER, FEMALE, MALE

    given = "|".join(sorted(EITHER | FEMALE | MALE, key=len, reverse=True))
    person = rf"\b(?:{given})(?: [A-Z]\.)?(?: (?:de|van|von|al|bin|el|la|di|da))?(?: [A-Z][\w’'-]*\w){{1,2}}"
    return (
        (re.compile(rf"\b(?:{_OUTLETS})(?![\w-])"), _OUTLET),
        (re.compile(person), _PERSON),
        (
            re.compile(rf"\b(?:{_COUNTRY_PHRASES}|{'|'.join(_COUNTRIES.split())})(?![\w-])"),
            _COUNTRY,
        ),
        (re.compile(rf"\b(?:{'|'.join(_PEOPLES.split())})(?=s?(?![\w-]))"), _PEOPLE),
        (re.compile(rf"(?<![\w-])(?:{_PARTY})(?=s?(?![\w-]))"), _PARTY_NAME),
    )


def masked(text: str) -> str:
    """The text with every listed name replaced by the stand-in of its kind; linear in its length.

    >>> masked("A Turkish paper said France had paid.")
    'A Canadian paper said Canada had paid.'
    """
    for pattern, stand_in in _patterns():
        text = pattern.sub(stand_in, text)
    return text
