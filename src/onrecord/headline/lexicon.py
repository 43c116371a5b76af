"""Words that decide what a headline does with a claim: cues, acts, hedges, accusations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "ACCUSATION",
    "ACTS",
    "ADVERBS_OF_FORCE",
    "ASSOCIATION",
    "BLAMELESS",
    "CAUSAL",
    "CONCRETE",
    "CUES",
    "DENIAL",
    "DOUBT_CUES",
    "ESTABLISHED",
    "EVENTS",
    "EVENTS_ALWAYS_NAMED",
    "FUNCTION_WORDS",
    "HEDGES",
    "NO_CAUSE_SHOWN",
    "PARTIAL",
    "SPEAKER_NOUNS",
    "STRONGER",
    "TARGETS",
    "UNIVERSAL",
    "words_of",
]


def words_of(text: str) -> frozenset[str]:
    """The words of a table, parted by white space."""
    return frozenset(text.split())


FUNCTION_WORDS = words_of(
    "a an the of to in on at by for from with as is are was were be been being am has have had do "
    "does did will would shall should may might can could must and or but nor not no that this "
    "these those it its he his him she her hers they them their we our us you your i my me who whom "
    "whose which what when where why how than then so if while after before over under above below into onto "
    "out up down off about against between through during without within along across near amid "
    "around behind beyond despite per via there here all any both each few more most other some "
    "doesn't don't didn't isn't aren't wasn't weren't won't can't cannot couldn't wouldn't shouldn't "
    "hasn't haven't hadn't it's that's here's there's let's he's she's we're they're i'm you're "
    "such only own same too very just also again once even yet still now one's n't 's s t said says "
    "say new because since until upon every among another"
)

# A verb or noun of saying in a title means that somebody is named, or hinted at, as its source.
CUES = words_of(
    "say says said saying claim claims claimed allege alleges alleged accuse accuses accused "
    "accusation accusations allegation allegations tell tells told report reports reported warn "
    "warns warned warning find finds found show shows shown suggest suggests suggested insist "
    "insists insisted argue argues argued believe believes believed think thinks fear fears feared "
    "deny denies denied reject rejects rejected rebut rebuts dismiss dismisses rebuffs refutes "
    "estimate estimates estimated predict predicts predicted forecast forecasts expect expects "
    "according admit admits admitted concede concedes confess confesses confirm confirms confirmed "
    "reveal reveals revealed hint hints note notes testify testifies testified blame blames blamed "
    "complain complains complained describe describes call calls called study survey poll report "
    "lawsuit suit indictment letter memo testimony whistleblower whistleblowers doubt doubts "
    "question questions cast reportedly allegedly rumour rumours rumor rumors supposedly "
    "indicate indicates conclude concludes concluded prosecutors prosecutor prosecution critics "
    "experts expert analysts witnesses sources source maintains contends contend contended asserts "
    "declares declared adds explains recalls remembers hails praises criticises criticizes slams "
    "blasts condemns denounces lambasts acknowledges hails tells"
)

# Saying these is doing them: the title reports an act, whoever told of it.
ACTS = words_of(
    "resign quit sue rule announce vow apologise apologize endorse order sentence pledge promise "
    "urge demand call reject deny criticise slam condemn denounce accuse plead agree approve appoint "
    "name ban sign launch unveil recall propose back threaten promise offer invite dismiss sack fire "
    "fine jail convict acquit charge arrest pardon thank praise nominate withdraw veto declare "
    "protest march strike vote ask appeal admit confess concede welcome honour award dedicate "
    "congratulate petition file settle"
)

HEDGES = words_of(
    "may might could can possible possibly potential potentially perhaps likely unlikely allegedly "
    "alleged reportedly suspected suspect apparently apparent supposedly said claimed believed "
    "thought feared expected accused charged appears appear seems seem maybe would looks look looms rumoured rumored "
    "purported fears fear risk risks threat threatens set plans plan planned mulls mull weighs weigh "
    "eyes considers consider considering proposes propose proposed proposal seeks seek wants want "
    "hopes hope aims aim bid bids try tries trying attempt attempts attempted talks nears poised "
    "likely urged asks asked calls call face faces facing questioned investigated probed"
)

DOUBT_CUES = words_of(
    "claim claims claimed claiming allege alleges alleged alleging accuse accuses accused accusing "
    "purport purports purported contend contends contended insist insists insisted maintain "
    "maintains maintained assert asserts asserted"
)

# What a named person, office or body would not want said of it, as stems or expressions.
ACCUSATION = re.compile(
    r"\b(?:brib\w*|kickback\w*|pocket(?:s|ed|ing)?|st(?:eals?|ole|olen|ealing)|theft|embezzl\w*|"
    r"rig(?:s|ged|ging)?|fak(?:e|es|ed|ing)|falsif\w*|forg(?:e|es|ed|ing|ery)|fabricat\w*|"
    r"dump(?:s|ed|ing)?|hid(?:e|es|ing|den)?|conceal\w*|cover(?:s|ed|ing)?[- ]up|covers? up|bur(?:y|ied|ies)|"
    r"lied|lies|lying|cheat\w*|abus\w*|assault\w*|harass\w*|bull(?:y|ied|ies|ying)|tortur\w*|"
    r"poison\w*|leak(?:s|ed|ing)?|sp(?:y|ied|ies|ying)|sabotag\w*|tamper\w*|ramm\w*|attack\w*|"
    r"kill(?:s|ed|ing)?|murder\w*|rap(?:e|es|ed|ist)|smuggl\w*|launder\w*|defraud\w*|fraud\w*|"
    r"scam\w*|plagiari\w*|misl(?:ed|ead\w*)|overcharg\w*|discriminat\w*|threaten\w*|blackmail\w*|"
    r"extort\w*|misus\w*|misspen\w*|neglect\w*|exploit\w*|corrupt\w*|collu\w*|conspir\w*|"
    r"manipulat\w*|switch(?:es|ed|ing)? votes|fix(?:es|ed|ing)? (?:\w+ ){0,3}(?:match|game|final|race|cup|price|election|vote)\w*|"
    r"to (?:fix|rig|throw) |t(?:ook|akes?|aking) (?:an? )?(?:cash|money|bribes?|drugs|kickbacks?|gifts?|holidays?|trips?|payments?)|"
    r"accept(?:s|ed|ing)? (?:\w+ ){0,2}(?:cash|money|bribes?|gifts?|payments?|kickbacks?)|"
    r"set(?:s|ting)? (?:\w+ ){0,3}(?:fire|alight|ablaze)|arson|torch(?:es|ed|ing)|"
    r"dop(?:ed|ing)|"
    r"dr(?:ove|ives?|iving) (?:\w+ ){1,4}out|forc(?:e|ed|es|ing) (?:\w+ ){1,3}out|beat(?:s|en|ing)? (?:up|pupils?|prisoners?|patients?|suspects?|children)|"
    r"ignor\w*|destroy(?:s|ed|ing)? (?:evidence|files|records|documents)|shredd\w*|spoil(?:ed|t)|expired|"
    r"rott(?:en|ing)|tainted|contaminat\w*|pollut\w*|illegal\w*|unlawful\w*|secret\w*|plott?\w*|"
    r"sold (?:spoiled|fake|expired|stolen)|fals\w+|dodg\w*|evad\w*|skimm\w*|siphon\w*|divert\w*|"
    r"groom\w*|stalk\w*|starv\w*|whipp\w*|hack(?:s|ed|ing)?|wiretap\w*|bugg(?:ed|ing)|drugg\w*|drunk|"
    r"doctor(?:s|ed|ing) (?:\w+ ){0,2}(?:records?|results?|figures?|data|tests?)|"
    r"silenc\w*|retaliat\w*|swindl\w*|inflat(?:e|es|ed|ing)|copied|copies|copying)\b",
    re.IGNORECASE,
)

# Words for someone who can be accused although the title gives no name.
TARGETS = words_of(
    "mayor minister ministry president premier governor senator councillor council mp lawmaker "
    "judge prosecutor sheriff police officer officers army navy military government agency "
    "department office official officials chief boss director chairman chairwoman executive ceo "
    "firm company chain maker bank brewer airline railway operator owner landlord developer builder "
    "contractor supermarket restaurant hotel factory plant mine club team coach referee player "
    "athlete cyclist runner striker school university college teacher headteacher head principal "
    "professor scientist researcher lab laboratory hospital clinic doctor surgeon nurse dentist "
    "pharmacy pharmacist chemist church bishop priest charity union party candidate campaign "
    "machine machines software ship trainer singer actor star chef author editor newspaper "
    "broadcaster station publisher treasurer secretary aide adviser spokesman lawyer farmer farm "
    "dairy abattoir butcher baker bakery vet zoo museum gallery theatre orchestra ministry regime "
    "troops soldiers guards guard warden carer caretaker inspector regulator watchdog utility "
    "waterworks insurer lender broker fund trader vaccine app giant group startup tech campus "
    "organiser organisers federation league association board committee commission authority"
)

# What kills or destroys without being accused of it.
BLAMELESS = words_of(
    "fire blaze explosion blast storm flood floods crash collision accident earthquake quake tremor "
    "heat heatwave cold virus disease outbreak collapse avalanche landslide mudslide lightning "
    "tornado hurricane cyclone wave tsunami drought fog ice snow rain wind gale bus train tram car "
    "lorry truck van plane helicopter ferry boat shark bear dog dogs wolf bee bees flu infection "
    "cancer smoke gas leak wildfire wildfires eruption volcano"
)

# What the publisher itself reports as settled: a court or the person has said so.
ESTABLISHED = re.compile(
    r"\b(?:convict(?:ed|s|ion)|found guilty|pleaded guilty|pleads guilty|admit(?:s|ted)?|confess\w*|"
    r"acknowledg(?:es|ed)|(?:court|judge|tribunal|jury|inquiry|panel|ombudsman|regulator|watchdog) "
    r"(?:has )?(?:found|ruled|concluded|fined)|(?:was|were) (?:fined|sentenced|jailed))\b",
    re.IGNORECASE,
)

DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|rebut(?:s|ted)?|"
    r"refut(?:es|ed)|disput(?:es|ed|ing)|contradict(?:s|ed)|rul(?:es|ed|ing) out|baseless|unfounded|"
    r"groundless|(?:call(?:s|ed)|said|was|is|were|are) (?:\w+ ){0,4}(?:false|untrue|nonsense|an? (?:\w+ )?lie|"
    r"lies|absurd|invented|made up|rubbish|wrong|staged|(?:pure )?fiction)|(?:do|does|did) not share (?:that|this|the|his|her|their)|no truth|not true|untrue|had never|has never|"
    r"there (?:was|is|were) no (?:plan|truth|evidence|basis|record|sign|proof)|no evidence|"
    r"without foundation|challeng(?:es|ed) the (?:claim|account|figure))\b",
    re.IGNORECASE,
)

ASSOCIATION = re.compile(
    r"\b(?:associat(?:ed|ion|ions)|link(?:ed|s)?|correlat\w*|(?:less|more) likely|connection|"
    r"relationship|tended to|tied to|(?:may|might|could) be (?:connected|related|linked)|higher (?:rate|risk|chance)s? (?:of|among)|"
    r"lower (?:rate|risk|chance)s? (?:of|among))\b",
    # small letters only: an Association is a body
)
NO_CAUSE_SHOWN = re.compile(
    r"\b(?:(?:cannot|can't|can’t|could not|couldn't|does not|doesn't|did not|do not|don't|not) "
    r"(?:\w+ ){0,4}?(?:prove|proof|show|establish|say|mean|demonstrate|conclude|cause|causes|causing|know)"
    r"\b[^.]{0,80}(?:caus\w*|reason|effect|because|due to|responsible|which comes first|whether)|"
    r"correlation|observational|(?:could not|couldn't|couldn’t|cannot|can't|can’t|did not|not) (?:\w+ )?"
    r"(?:adjust|account|control) for|(?:cannot|can't|can’t|could not|couldn't) (?:\w+ )?(?:separate|disentangle|untangle)|"
    r"(?:it[’']s|is|was|only|just|merely) an association|association,? (?:and )?not|not (?:a )?(?:cause|proof)|no proof|"
    r"(?:cannot|can't|can’t|could not|couldn't) (?:yet )?say (?:that|if|whether|it)|link and no more|no more than a link|only a link|(?:only|is|just|found is) an association|cause and effect|other explanations?)",
    re.IGNORECASE,
)
CAUSAL = words_of(
    "cause prevent cure protect boost improve reduce cut lower raise increase trigger fuel drive "
    "make slow stop fight kill shorten extend help harm damage lead ward halve double lift sharpen "
    "strengthen weaken speed delay spark heal ease worsen ruin keep"
)

UNIVERSAL = words_of("all every entire whole everyone everybody nobody none always never each")
PARTIAL = re.compile(
    r"\b(?:some|most|many|several|majority|part|parts|a few|a number|third|thirds|half|quarter|"
    r"quarters|percent|per cent|nearly|almost|minority|partly|about \w+ of|\d+ (?:out )?of|"
    r"one in \w+|not all|not every|in favour|were spared)\b|%",
    re.IGNORECASE,
)

# Title word -> words that would support it; the body must have one of them.
ADVERBS_OF_FORCE: Mapping[str, str] = MappingProxyType(
    {
        "secretly": r"secre|covert|clandestin|hidden|hush|without (?:telling|informing|the knowledge|their knowledge)|unannounced|behind closed doors|quietly|did not (?:know|tell)|never told|undisclosed|in private",
        "secret": r"secre|covert|clandestin|hidden|hush|without (?:telling|informing|the knowledge|their knowledge)|behind closed doors|undisclosed|confidential|did not (?:know|tell)|never told",
        "covertly": r"secre|covert|clandestin|hidden|without (?:telling|informing)",
        "deliberately": r"deliberat|on purpose|purpose|intention|intent|knowing|wilful|willful|planned|meant to",
        "intentionally": r"deliberat|on purpose|intention|intent|knowing|wilful|planned|meant to",
        "knowingly": r"deliberat|on purpose|intention|knowing|knew|aware|wilful",
        "illegally": r"illegal|unlawful|illicit|against the law|broke the law|without (?:a |any )?(?:permit|permission|licen[cs]e|warrant|planning)|banned|forbidden|prohibited|violat|not allowed|offence|crime|breach",
        "unlawfully": r"illegal|unlawful|illicit|against the law|without (?:a )?(?:permit|licen[cs]e|warrant)|violat|breach",
        "permanently": r"permanent|for good|for ever|forever|never (?:re)?open|never again",
        "forever": r"permanent|for good|for ever|forever|never",
        "unanimously": r"unanim|all (?:of the )?\w+ (?:members|councillors|judges|voted)|without (?:a )?(?:dissent|vote against|dissenting)|no votes? against|(?:\d+|\w+)[- ](?:to[- ])?(?:0|nil|zero|none)\b",
        "completely": r"complete|total|entire|wholly|fully|all |everything|nothing left",
        "totally": r"complete|total|entire|wholly|fully|all |everything|nothing left",
        "instantly": r"instant|immediate|at once|on the spot|within (?:seconds|minutes)|straight away",
        "overnight": r"overnight|night|one day|within a day|sudden",
        "repeatedly": r"repeat|several times|many times|again and again|\w+ times|often|regularly|twice|on (?:\w+ )?occasions",
        "worst": r"worst|deadliest|heaviest|most (?:\w+ )?ever|ever|since|biggest|largest|most severe|never before",
        "deadliest": r"deadliest|worst|most deaths|ever|since",
        "brutally": r"brutal|savage|vicious|violent|severe",
        "record": r"record|highest|lowest|most|never (?:before|been)|ever|biggest|largest|fastest|best|since",
    }
)

# Effects: title word -> weaker words. A body that has only the weaker ones says less.
STRONGER: Mapping[str, str] = MappingProxyType({
    "cure": r"reduc|cut|halv|by half|help|eas(?:e|ed|es|ing)\b|improv|reliev|treat|fewer|slow|lower|less",
    "eradicate": r"reduc|lower|fewer|fell|cut|less|declin|improv",
    "eliminate": r"reduc|lower|fewer|fell|cut|less|declin|improv",
    "wipe": r"reduc|lower|fewer|fell|cut|less|declin",
    "prevent": r"reduc|lower|less likely|fewer|associat|link|slow|delay",
    "destroy": r"damag|partly|part of|third|quarter|affected",
    "prove": r"suggest|indicat|hint|early|encouraging|promising|first (?:\w+ )?(?:trial|test|sign|stud)|(?:might|may|could) be",
    "confirm": r"suggest|suspect|unconfirmed|not confirmed",
    "ban": r"restrict|limit|discourag|advis|curb|fewer",
    "guarantee": r"promis|aim|hope|expect|may|might|could",
    "collapse": r"f[ae]ll|drop|declin|lower|loss",
    "expel": r"suspend",
    "bankrupt": r"loss|losing|debt|struggl",
    "riot": r"protest|scuffle|shout|demonstrat",
    "kill": r"injur|hurt|wound|ill\b|sick",
    "die": r"critical condition|life[- ]threatening|fight(?:ing|s)? for (?:his|her|their) li|seriously|coma\b|unconscious|intensive care",
    "guilty": r"charged|accused|suspect|suspic|trial|alleg|investigat|questioned",
    "charge": r"question|suspect|investigat|look(?:ed|ing) (?:at|into)|whether|accus|complain",
    "indict": r"question|suspect|investigat|look(?:ed|ing) (?:at|into)|whether|accus|complain",
    "convict": r"charged|accused|suspect|suspic|trial|alleg|investigat|questioned",
    "end": r"reduc|lower|fewer|fell|cut|less|declin|suspend|pause",
    "paralyse": r"delay|slow|disrupt",
    "triple": r"rose|ros|increas|grew|up |climb|higher",
    "double": r"rose|ros|increas|grew|up |climb|higher",
    "quadruple": r"rose|ros|increas|grew|up |climb|higher",
    "halve": r"fell|reduc|cut|declin|lower|drop|f[ae]ll",
    "solve": r"progress|step|help|clue|lead|hope",
    "reverse": r"slow|delay|eas",
    "abolish": r"reduc|cut|lower|reform|review",
})  # fmt: skip

# Events that an article about them always names, in one of the words of their groups: when none
# stands in the body, the title has it from elsewhere.
EVENTS = words_of(
    "resign quit die arrest marry wed wedding divorce sue sack bankrupt explode explosion collapse "
    "sink convict jail murder evacuate ban shoot endorse apologise retire suspend dope doping kidnap "
    "hostage bomb riot rape assault quake earthquake tsunami cancer coma overdose funeral pregnant "
    "elope defect coup impeach expel deport extradite vanish disappear drown stab derail capsize "
    "hijack invade abdicate crash erupt strike burst"
)
# Acts that are told by their name or one of few others, and seldom meant as an image.
CONCRETE = EVENTS | words_of(
    "sell buy demolish poison contaminate pollute sicken steal rob scrap abolish reopen merge fine "
    "hire arrest evacuate recall fire poach burgle deploy invade annex torch"
)
# Those of them that have hardly another name.
EVENTS_ALWAYS_NAMED = words_of(
    "resign quit die arrest marry wed divorce sue sack convict jail murder bankrupt impeach abdicate "
    "suspend extradite kidnap endorse retire"
)

SPEAKER_NOUNS = words_of(
    "police mayor minister ministry study report poll survey experts expert scientists researchers "
    "officials official government council union court judge prosecutors prosecutor lawyer lawyers "
    "doctors doctor hospital coach boss chief ceo firm company army navy military source sources "
    "witness witnesses critics opposition president premier pm governor senator mp analysts analyst "
    "economist economists agency ngo charity watchdog regulator un who eu bank family residents "
    "parents teachers farmers campaigners activists group spokesman spokeswoman fire brigade "
    "inquiry audit auditor auditors review panel committee ombudsman lawsuit pilot whistleblower "
    "ex-aide aide aides leader leaders party bishop pope king queen director head teacher "
    "headteacher owner victim suspect player captain club league federation association operator "
    "weather forecasters meteorologists coroner inspector inspectors sheriff"
)
