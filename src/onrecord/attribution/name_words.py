"""Word lists that tell what kind of name a run of capitalised words is."""

from __future__ import annotations

from onrecord.given_names import Gender
from onrecord.wordlists import words

__all__ = [
    "BODIES",
    "BODY_PAIRS",
    "BODY_WORDS",
    "BREAKERS",
    "CALENDAR",
    "COMPASS",
    "CROWDS",
    "GENERATIONS",
    "OFFICES",
    "OPENERS",
    "PLACES",
    "PLACE_PAIRS",
    "QUALIFIERS",
    "THINGS",
    "TITLES",
]

# Capitalised words that begin sentences and are no names.
OPENERS = words(
    """
    A About Above According Across Actually Added Additionally After Afterward Again Against Ahead
    All Almost Along Already Also Although Always Amid Among An And Another Any Anyone Anything
    Are Around As Asked At Away Back Based Be Because Before Behind Being Below Beside Besides
    Best Between Beyond Both But By Can Certainly Clearly Come Could Currently Despite Did Do Does
    Don Down Due During Each Earlier Early Either Else Even Ever Every Everyone Everything Except
    Few Finally First For Former Fortunately Four From Further Furthermore Generally Get Given Go
    Good Great Had Has Have He Hence Her Here Hers Him His How However I If I’m I'm In Indeed
    Inside Instead Into Is It Its Just Last Late Later Lately Least Less Let Like Likewise Long
    Look Many May Maybe Meanwhile Might More Moreover Most Mostly Much My Near Nearly Neither
    Never Nevertheless New Next No Nobody None Nonetheless Nor Not Nothing Notably Now Obviously
    Of Off Often Oh Ok Okay On Once One Only Or Other Others Otherwise Our Out Outside Over
    Overall Own Perhaps Please Prior Probably Quite Rather Read Recently Regardless Regarding
    Related Right Said Same Says See Several She Should Similarly Since So Some Someone Something
    Sometimes Soon Speaking Still Such Sure Take Than Thank Thanks That The Their Them Then There
    Therefore These They Thing Things This Those Though Three Through Throughout Thus To Today
    Together Tomorrow Tonight Too Toward Towards Two Under Unfortunately Unless Unlike Until Up
    Upon Us Very Via Was Watch We Well Were What Whatever When Whenever Where Whereas Whether
    Which While Who Whoever Whose Why Will With Within Without Would Yes Yesterday Yet You Your
    Yours Following Five Six Seven Eight Nine Ten Absolutely Exactly Nope Yeah Wow Hey Editor
    Photo Image Video Breaking Exclusive Update Updated Correction Advertisement Share Follow
    Click Story Continue Continued
    """
)
BREAKERS = words(
    """
    He She It They We I But The This That These Those In And
    """
)
CALENDAR = words(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December Jan. Feb. Aug. Sept. Oct. Nov. Dec. Sept Jan
    Feb Aug Oct Nov Dec Christmas Easter Thanksgiving Ramadan Mon Tue Wed Thu Fri Sat Sun EST EDT
    GMT PST AM PM
    """
)
THINGS = words(
    """
    Act Airport Amendment Arena Avenue Award Awards Bay Beach Bill Boulevard Bowl Bridge Building
    Bulletin Castle Caucus City Code Constitution Convention County Creek Cup Day Debate
    Declaration Election Emails Era Festival Fort Gallery Game Gardens Hall Harbor Heights Hill
    Hills Hotel Island Islands Lake Law Library List Mall Memorial Monument Mountain Mountains
    Ocean Olympics Order Palace Parade Park Plan Plaza Port Primary Prize Program Rally Ranch
    Resort River Road Room Rule Sea Series Show Square Stadium Statement Street Summit Theater
    Theatre Tower Town Township Treaty Valley Village Ville War Week Year Age Care Oil Bible Quran
    Koran Doctrine Deal Pact Accord Affair Report Survey Poll Index Study
    """
)
OFFICES = tuple(
    [word]
    for word in [
        "Secretary",
        "Minister",
        "Chancellor",
        "Attorney",
        "Speaker",
        "Director",
        "Bishop",
        "Archbishop",
        "Duke",
    ]
)
COMPASS = words(
    """
    New North South East West San Saint Los Las United
    """
)
GENERATIONS = frozenset(("Jr", "Sr", "II", "III", "IV"))
TITLES: dict[str, Gender] = {
    **dict.fromkeys(
        words(
            """
    Mr. Mr Sir Lord Congressman Prince King Father Brother Don
    """
        ),
        "m",
    ),
    **dict.fromkeys(
        words(
            """
    Mrs. Mrs Ms. Ms Miss Lady Dame Congresswoman Princess Queen Sister Madam
    """
        ),
        "f",
    ),
    **dict.fromkeys(
        words(
            """
    Dr. Dr Sen. Sen Sens. Rep. Rep Reps. Gov. Gov Govs. Gen. Gen Lt. Col. Sgt. Capt. Maj. Adm.
    Cmdr. Prof. Rev. Hon. Atty. Sec. Pres. Supt. Det. Insp. President Senator Representative
    Governor General Lieutenant Colonel Sergeant Captain Major Admiral Commander Professor
    Reverend Doctor Judge Justice Secretary Speaker Chancellor Premier Minister Mayor Ambassador
    Attorney Detective Inspector Superintendent Sheriff Officer Pastor Bishop Archbishop Cardinal
    Rabbi Imam Pope Ayatollah Sheikh Chairman Chairwoman Councilman Councilwoman Councillor
    Councilor Chief Director Commissioner Coach Emir Sultan Spokesman Spokeswoman Vice-President
    Vice Deputy Undersecretary Prosecutor Marshal Baroness Baron Count Assemblyman Assemblywoman
    Delegate
    """
        ),
        "",
    ),
}
BODY_WORDS = words(
    """
    Academy Administration Agency Airlines Airways Alliance Army Assembly Association Authority
    Bank Board Brigade Broadcasting Brothers Bureau Cabinet Campaign Center Centre Centers Chamber
    Charity Chronicle Church Club Co. Co Coalition College Commission Committee Company Conference
    Congress Consulting Corp Corp. Corporation Corps Council Court Courts Daily Department Dept.
    Dispatch Division Embassy Enterprise Examiner Exchange Express Federation Fed Financial Force
    Forces Forum Foundation Fund Gazette Globe Government Group Guard Guardian Headquarters Herald
    Hospital House Inc Inc. Independent Industries Initiative Inquirer Institute Institution
    International Journal Laboratory Labs League Legislature Limited LLC Ltd Ltd. Magazine Media
    Mirror Ministry Mission Mosque Movement Museum NATO Navy Network Networks News Newspaper
    Observer Office Organisation Organization PAC Parliament Partners Partnership Party Patrol
    Pentagon Police Post Press Project Publishing Radio Reform Register Reporter Reserve Review
    School Schools Securities Senate Service Services Society Standard Star Station Studios Sun
    Supreme Syndicate Systems Tank Taskforce Team Technologies Telegraph Television Times Treasury
    Tribunal Tribune Trust TV Union Unit University Watch Watchdog Weekly Workers Works Wire
    Action Agencies Advocates Citizens Republic Kremlin Enforcement Investigations
    Intelligence Affairs Security Union Association
    """
)
BODIES = words(
    """
    Reuters Bloomberg Politico Breitbart Facebook Twitter Google Apple Amazon Microsoft YouTube
    Instagram Wikileaks WikiLeaks Congress Parliament Pentagon Kremlin Fox NBC CBS ABC CNN MSNBC
    NPR AP AFP BBC UPI UN EU NATO FBI CIA NSA GOP NRA ISIS ISIL Daesh al-Qaeda Al-Qaeda Hamas
    Hezbollah Taliban Nato Isis Gallup Nielsen Newsweek Forbes Slate Vox Buzzfeed BuzzFeed Salon
    Vice Time Fortune Interpol Europol Greenpeace Amnesty Oxfam Unicef UNICEF Unesco UNESCO
    Quinnipiac Medicaid Medicare Yahoo Netflix Uber Downing Whitehall Capitol Vatican Xinhua Tass
    TASS Interfax Tasnim Bitcoin
    """
)
CROWDS = words(
    """
    Republicans Democrats Americans Conservatives Liberals Libertarians Muslims Christians Jews
    Catholics Protestants Evangelicals Russians Germans Britons Iranians Iraqis Syrians Israelis
    Palestinians Mexicans Canadians Californians Texans Latinos Hispanics Millennials Europeans
    Africans Asians Progressives Independents Tories Greens Socialists Communists Nationalists
    Ukrainians Chinese Japanese French British Scots Irish Kurds Turks Poles Afghans Pakistanis
    Indians Greeks Italians Spaniards Australians Founders Mormons Sunnis Shiites Shias Alawites
    Cubans Internet
    """
)
QUALIFIERS = words(
    """
    Republican Democratic Democrat American British Russian French German Israeli Palestinian
    Iranian Iraqi Syrian Chinese Japanese Mexican Canadian Australian Indian Irish Scottish Welsh
    Turkish Saudi Egyptian Ukrainian Polish Spanish Italian Dutch Swedish Norwegian Danish Finnish
    Greek African Asian European Latino Hispanic Muslim Christian Jewish Catholic Conservative
    Liberal Libertarian Socialist Labour Tory Senior Former Ex Retired Acting Interim Deputy
    Assistant Associate Vice Executive Chief Prime First Foreign Defense Defence Interior Finance
    State House Senate White Federal National GOP Presidential Majority Minority Whip Leader
    Candidate Nominee Billionaire Actor Actress Author Host Anchor Correspondent Reporter
    Journalist Analyst Strategist Spokesperson Attorney General Press Secretary Editor CEO Mogul
    Businessman Pollster Columnist Manager Sunni Shiite Kurdish
    """
)
PLACES = words(
    """
    Afghanistan Albania Algeria Argentina Armenia Australia Austria Bahrain Bangladesh Belarus
    Belgium Bolivia Bosnia Brazil Britain Bulgaria Cambodia Canada Chad Chile China Colombia Congo
    Croatia Cuba Cyprus Denmark Ecuador Egypt England Eritrea Estonia Ethiopia Europe Finland
    France Gaza Georgia Germany Ghana Greece Guatemala Haiti Honduras Hungary Iceland India
    Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya Kosovo Kuwait
    Laos Latvia Lebanon Libya Lithuania Luxembourg Macedonia Malaysia Mali Malta Mexico Moldova
    Mongolia Montenegro Morocco Myanmar Nepal Netherlands Nicaragua Niger Nigeria Norway Oman
    Pakistan Palestine Panama Paraguay Peru Philippines Poland Portugal Qatar Romania Russia
    Rwanda Scotland Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Sweden
    Switzerland Syria Taiwan Tajikistan Tanzania Thailand Tunisia Turkey Uganda Ukraine Uruguay
    Uzbekistan Venezuela Vietnam Wales Yemen Zambia Zimbabwe Africa Asia America Americas Alabama
    Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Hawaii Idaho Illinois
    Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota
    Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas
    Utah Vermont Virginia Washington Wisconsin Wyoming London Paris Berlin Moscow Beijing Tokyo
    Brussels Rome Madrid Dublin Cairo Baghdad Damascus Tehran Kabul Jerusalem Istanbul Ankara
    Chicago Boston Houston Dallas Denver Detroit Philadelphia Phoenix Atlanta Miami Seattle
    Cleveland Baltimore Milwaukee Pittsburgh Cincinnati Orlando Tampa Manhattan Brooklyn Hollywood
    Mosul Raqqah Raqqa Aleppo Homs Beirut Geneva Vienna Benghazi Kiev Kyiv Crimea Manchester
    Birmingham Liverpool Glasgow Edinburgh Sydney Melbourne Toronto Montreal Ottawa Delhi Mumbai
    Shanghai Seoul Pyongyang Bangkok Manila Nairobi Lagos Johannesburg U.S. US USA UK U.K. D.C.
    Earth States
    """
)
PLACE_PAIRS = frozenset(
    """
    New York|New Jersey|New Hampshire|New Mexico|New Zealand|New Orleans|New Delhi|North Carolina|South
    Carolina|North Dakota|South Dakota|West Virginia|Rhode Island|Los Angeles|San Francisco|San Diego|San
    Antonio|San Jose|Las Vegas|St. Louis|St. Paul|Saudi Arabia|South Africa|South Korea|North Korea|South
    Sudan|United States|United Kingdom|United Arab Emirates|Hong Kong|Great Britain|Northern Ireland|Sri
    Lanka|Costa Rica|El Salvador|Puerto Rico|Middle East|West Bank|Salt Lake City|New York City|Kansas
    City|Des Moines|Cedar Rapids|Palm Beach|Long Island|Staten Island|Silicon Valley|Wall Street|Soviet
    Union|European Union|White House|Capitol Hill|Supreme Court|State Department|Justice Department
    """.replace("\n    ", " ")
    .strip()
    .split("|")
)
BODY_PAIRS = frozenset(
    [
        "United States",
        "United Kingdom",
        "Saudi Arabia",
        "South Korea",
        "North Korea",
        "European Union",
        "White House",
        "Supreme Court",
        "State Department",
        "Justice Department",
        "Capitol Hill",
        "Soviet Union",
        "Wall Street",
        "South Africa",
        "New Zealand",
        "Great Britain",
    ]
)
