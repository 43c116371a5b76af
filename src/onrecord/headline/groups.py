"""Words that headlines and articles use for the same thing, and irregular forms of verbs.

A group holds words of like meaning and like strength: `destroy` and `damage` are apart, for the
step from the one to the other is what the check of a headline looks for. A `+` joins the words
of an expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["GROUPS", "IRREGULAR"]

GROUPS: tuple[str, ...] = tuple(
    """\
resign quit step+down stand+down stepping+aside step+aside leave+office walk+away depart give+up+office lay+down+office
leave quit depart exit move+on walk+out
sack dismiss fire oust axe remove let+go drop
hire appoint name take+on recruit install
cut axe slash reduce trim lower shed lay+off redundant redundancies job+loss shrink curb
fall drop decline decrease slip down dip tumble slide plunge plummet lower less fewer
rise climb grow increase jump soar surge up gain higher go+up hike more
raise lift increase hike put+up boost push+up
double twice twofold
triple threefold treble
halve half
record highest most+ever all-time ever
scrap axe abandon drop cancel ditch shelve call+off give+up kill+off withdraw abolish do+away bin
delay postpone put+off hold+up push+back late defer
close shut closure shut+down
stop halt end block prevent suspend pause cease
foil thwart prevent stop avert
ban prohibit forbid outlaw bar not+be+allowed not+allowed no+longer+allowed
switch+off turn+off cut+off shut+off disconnect
open launch start begin kick+off unveil inaugurate
reopen open+again
plan propose intend mean scheme proposal
approve pass back clear agree nod green+light greenlight go+ahead vote+in+favour vote+for give+permission adopt consent
reject turn+down refuse throw+out dismiss vote+down rebuff spurn veto say+no
oppose against object resist protest
support back favour endorse
deny denial reject dismiss rebut refute
anger angrily angry fury furious outrage outraged rage backlash uproar indignation
under+fire criticise criticize criticism condemn
u+turn reverse reversal backtrack climb+down change+of+heart drop
hold unchanged keep leave+unchanged
skip miss stay+away absent absence boycott
criticise criticize slam blast attack condemn rap lambast denounce hit+out fault deplore decry
row dispute argument quarrel controversy clash feud
talk negotiate discuss negotiation
deal agreement pact accord contract settle
urge call+for appeal demand ask plead
vow pledge promise swear
warn caution alert
apologise apologize sorry apology
probe investigate inquiry enquiry examine look+into inquest review
seek want look+for ask hunt
bid attempt try effort
praise hail laud applaud
arrest detain custody nab hold seize apprehend
charge indict
jail prison imprison sentence lock+up send+to+prison year+in+prison
fine penalty penalise order+to+pay must+pay
steal theft pocket embezzle loot rob divert siphon misappropriate stolen
hide conceal bury cover+up withhold keep+from suppress keep+quiet cover+up
fake falsify forge fabricate manipulate doctor invent
bribe kickback backhander graft
sue lawsuit take+to+court legal+action suit litigation claim
order tell instruct require must
rule decide find court+decision decision
convict guilty conviction
acquit clear not+guilty cleared
pass+away die dead death deadly fatal
kill die dead death fatal perish lose+their+life lose+his+life lose+her+life victim slain body
murder kill homicide
hurt injure wound injury injury
shoot gunfire shot gun
attack assault
rape sexual+assault
threaten threat
bully harass intimidate shout
poison toxic
drug banned+substance dope doping substance
smuggle traffic
switch swap change alter
rig fix manipulate
hacker hack cyberattack cyber+attack computer+attack ransomware
spy track monitor snoop surveil
dump discharge pour release tip empty
ram collide hit
cheat deceive defraud swindle
lie mislead deceive
leak disclose
raid search
escape flee run+away
flee evacuate leave+their+home leave+home leave+his+home leave+her+home abandon+their+home
surrender give+up give+himself+up give+herself+up give+themselves+up turn+himself+in turn+herself+in hand+himself+in
blaze fire flame inferno burn wildfire
set+fire set+alight set+on+fire set+ablaze torch arson start+the+fire lit+the+blaze light+the+blaze
crash collision accident collide skid derail wreck
explosion blast explode blow+up detonate
lift+off liftoff launch take+off
collapse give+way cave+in
sink go+down capsize
flood flooding inundate water+level
storm gale hurricane wind
quake earthquake tremor
rescue save pull+free bring+to+safety
evacuate bring+to+safety
missing vanish disappear
destroy ruin wreck raze gut
damage harm hit
power electricity blackout outage
faint dizzy pass+out
spoil rotten expire go+off gone+off mouldy
pollute contaminate taint
buy purchase acquire takeover take+over acquisition snap+up
sell sale dispose
merge merger join
firm company business group maker manufacturer concern employer
profit earnings
bankrupt insolvent insolvency bankruptcy go+under go+bust go+broke administration
price cost
pay wage salary
job post work worker employee staff
boss chief head director manager executive chairman ceo
worker staff employee
strike walkout walk+out stoppage industrial+action
tax levy duty
money cash fund crown dollar euro pound
bank lender
factory plant works
shop store retailer supermarket
customer shopper passenger traveller
child kid pupil student youngster boy girl minor
baby infant newborn
teen teenager youth
mother mum mom
father dad
man woman person people resident
pensioner elderly older old senior retire
doctor physician medic surgeon
nurse staff+nurse
police officer cop detective
scientist researcher expert academic team
minister secretary
premier pm prime+minister
mp lawmaker legislator parliamentarian parliament
council councillor municipality town+hall city+hall
town city municipality village
home house household flat property
lawyer attorney solicitor counsel
judge court magistrate
teacher head+teacher headteacher headmaster headmistress principal
fan supporter
priest vicar pastor clergy
soldier troop army military force
fighter militant terrorist rebel
farmer grower
driver motorist
lorry truck
car vehicle
plane aircraft jet airliner
ship vessel boat ferry
train rail railway
inmate prisoner convict detainee
migrant refugee asylum
voter electorate
striker forward player
coach manager trainer
study research trial paper survey report analysis
poll survey
link associate association connect tie correlate connection relation
cause lead+to trigger make bring+about result+in blame
drug medicine pill tablet treatment
vaccine jab vaccination injection shot inoculate
cancer tumour tumor
illness disease sickness sick ill
prevent stop avert ward+off
cure heal
slow slower slow+down
weaken weaker
sleep asleep
memory dementia
food meal diet eat
find discover identify spot uncover
new unknown previously+unknown
early earlier
risk danger likely
safe safety
find show reveal
vote ballot poll election
win beat defeat victory triumph clinch champion won
lose defeat beaten
title championship crown trophy
match game final
lead ahead
sign join
draw tie level
march protest demonstrate rally demonstration
block blockade obstruct close
marry wed wedding bride engage marriage
move redeploy transfer relocate redeployment shift
topple overthrow oust
send dispatch deploy
visit trip
return come+back go+back
build construct erect
repair fix mend restore
plan project scheme
pay repay refund
secret secretly covert hidden clandestine
deliberate deliberately purpose intentional intent knowingly
illegal unlawful illicit against+the+law illegally
dozen twelve
us u.s. usa america american
uk u.k. britain british
un u.n. united+nation
eu e.u. european+union
isis daesh islamic+state
percent %
rate interest
old aged
near close+to outside
near approach close+in draw+near creep+toward creep+towards
big large huge
free release
end over finish
drive force push
promise commit
give hand donate
give+away hand+out donate give
lotto lottery jackpot
beat outperform better+than outscore
pregnant expect+a+baby expect+twin expect+child expecting
decade ten+year
century hundred+year
fortnight two+week
solo alone single+handed
battle fight tackle contain
crew firefighter team brigade
complete finish cover
rower row rowing
fast quick rapid pace rate speed swift
large big biggest
smart intelligent clever
suspend suspension provisionally
wage pay salary earn
shipwreck wreck
center centre yard
storm gust wind
snow blizzard
deadly fatal
trial court+case
inquest coroner
bomb device explosive
shooter gunman attacker
hostage captive
seize take capture storm
gop republican
dem democrat democratic
holiday vacation
petrol gas fuel gasoline
footballer player striker
get receive obtain
say tell state
help aid assist
fail failure
hit strike affect
show display
allow permit legalise legalize authorise authorize make+legal
silent silence quiet hush
split separate divorce part+way break+up end+their+marriage
bow+out retire end+her+career end+his+career hang+up final+season last+season
collapse break+down fall+apart fail
batter hit strike lash pound
strand stuck stranded
find discover come+across stumble
thief thieves burglar robber raider
make+off steal strip take
turn+down decline refuse reject say+no
fake manipulate falsify doctor
jump leap surge soar climb
order command instruct direct
expand extend widen enlarge grow
restrict limit curb ration cap
crack+down clamp+down
hand+over transfer surrender
spend invest outlay
face confront
back endorse support
block veto obstruct
loosen ease relax
tighten toughen stricter tougher
import bring+in
relocate move resettle
postpone adjourn
swap exchange replace
replace succeed take+over successor
nationalise nationalize state+ownership public+ownership
privatise privatize sell+off
demolish tear+down knock+down pull+down raze flatten
renovate refurbish restore
recall withdraw call+back take+back
boycott shun stay+away
evict throw+out eject
deport expel
extend prolong lengthen
shorten reduce cut
freeze frozen hold
launch introduce roll+out bring+in
exceed top surpass pass above more+than
dip slip fall
treble triple
spare exempt
celebrate mark
honour honor award
defy ignore flout
reveal disclose publish
hospital clinic
wildfire bushfire brush+fire forest+fire
rescue winch
rain downpour
dump fly+tip
speeding speed
knife stab
""".splitlines()
)

_PAST = (
    "arose:arise awoke:wake ate:eat beat:beat beaten:beat became:become began:begin begun:begin "
    "bent:bend bet:bet bit:bite bitten:bite blew:blow blown:blow bore:bear borne:bear bought:buy "
    "bound:bind bred:breed broke:break broken:break brought:bring built:build burnt:burn "
    "caught:catch chose:choose chosen:choose clung:cling came:come crept:creep dealt:deal "
    "dug:dig did:do done:do does:do drew:draw drawn:draw drank:drink drunk:drink drove:drive "
    "driven:drive fed:feed fell:fall fallen:fall felt:feel fought:fight found:find fled:flee "
    "flew:fly flown:fly forbade:forbid forbidden:forbid forgot:forget forgotten:forget "
    "froze:freeze frozen:freeze got:get gotten:get gave:give given:give went:go gone:go goes:go grew:grow grown:grow "
    "hung:hang had:have has:have heard:hear held:hold hid:hide hidden:hide kept:keep knew:know "
    "known:know laid:lay led:lead left:leave lent:lend lit:light lost:lose loss:lose made:make "
    "meant:mean met:meet paid:pay ran:run rang:ring rung:ring rode:ride ridden:ride rose:rise "
    "risen:rise said:say sang:sing sung:sing sank:sink sunk:sink sat:sit saw:see seen:see "
    "sent:send shook:shake shaken:shake shone:shine shot:shoot shown:show shrank:shrink "
    "shrunk:shrink slept:sleep slid:slide sold:sell sought:seek spent:spend spoke:speak "
    "spoken:speak spun:spin stole:steal stolen:steal stood:stand stuck:stick struck:strike "
    "swam:swim swept:sweep swore:swear sworn:swear swung:swing taken:take took:take taught:teach "
    "tore:tear torn:tear told:tell thought:think threw:throw thrown:throw understood:understand "
    "withdrew:withdraw withdrawn:withdraw woke:wake won:win wore:wear worn:wear wrote:write "
    "written:write withheld:withhold overthrew:overthrow overthrown:overthrow hurt:hurt "
    "suing:sue sued:sue sues:sue died:die dies:die dying:die death:die deaths:die dead:die lies:lie lied:lie lying:lie "
    "tied:tie ties:tie tying:tie men:man women:woman children:child feet:foot teeth:tooth "
    "lives:life wives:wife knives:knife thieves:thief halves:half wolves:wolf people:person "
    "persons:person better:good best:best worse:bad worst:worst accused:accuse accuses:accuse "
    "accusing:accuse accusation:accuse accusations:accuse used:use uses:use using:use "
    "closure:close closures:close refusal:refuse seizure:seize seized:seize departure:depart "
    "failure:fail sale:sell sales:sell theft:steal thefts:steal growth:grow choice:choose "
    "proof:prove proven:prove belief:believe decision:decide decisions:decide conclusion:conclude "
    "collision:collide collisions:collide explosion:explode explosions:explode "
    "expulsion:expel suspension:suspend suspensions:suspend reduction:reduce reductions:reduce "
    "acquisition:acquire acquisitions:acquire destruction:destroy abolition:abolish "
    "redeployment:redeploy deployment:deploy arrival:arrive burial:bury buried:bury buries:bury "
    "tries:try tried:try denies:deny denied:deny denial:deny denials:deny pleas:plead plea:plead "
    "police:police policy:policy policies:policy officer:officer officers:officer office:office "
    "offices:office news:news species:species ferry:ferry ferries:ferry meaning:meaning "
    "united:united state:state states:state nation:nation national:national nations:nation "
    "union:union unions:union station:station stations:station nursing:nursing nurse:nurse "
    "nurses:nurse nursery:nursery minister:minister ministers:minister ministry:ministry "
    "general:general generally:generally hospital:hospital hospitals:hospital party:party "
    "parties:party parts:part partly:partly university:university universe:universe "
    "during:during evening:evening morning:morning wedding:wed king:king ring:ring "
    "thing:thing things:thing nothing:nothing something:something everything:everything "
    "spring:spring string:string sterling:sterling ceiling:ceiling building:building "
    "buildings:building housing:housing house:house houses:house player:player players:player "
    "other:other others:other another:another number:number numbers:number water:water "
    "waters:water winter:winter summer:summer paper:paper papers:paper later:later late:late "
    "order:order orders:order ordered:order letter:letter letters:letter member:member "
    "members:member matter:matter matters:matter river:river rivers:river former:former "
    "power:power powers:power tower:tower towers:tower leader:leader leaders:leader "
    "lawyer:lawyer lawyers:lawyer teacher:teacher teachers:teacher driver:driver drivers:driver "
    "farmer:farmer farmers:farmer farm:farm farms:farm worker:worker workers:worker "
    "reporter:reporter reporters:reporter manager:manager managers:manager brewer:brewer "
    "brewers:brewer brewery:brewer breweries:brewer prisoner:prisoner prisoners:prisoner "
    "mayor:mayor mayors:mayor doctor:doctor doctors:doctor author:author authors:author "
    "actor:actor actors:actor action:action actions:action active:active act:act acts:act "
    "councillor:councillor councillors:councillor council:council councils:council "
    "countries:country country:country county:county counties:county count:count counts:count "
    "cities:city city:city capital:capital capitals:capital animal:animal animals:animal "
    "local:local locals:local moral:moral mental:mental rental:rental metal:metal "
    "tablet:tablet tablets:tablet patient:patient patients:patient student:student "
    "students:student parent:parent parents:parent agent:agent agents:agent agency:agency "
    "agencies:agency parliament:parliament president:president presidents:president "
    "moment:moment comment:comment comments:comment department:department content:content "
    "event:event events:event current:current currently:current recent:recent recently:recent "
    "government:government govern:govern governor:governor governors:governor "
    "million:million millions:million billion:billion religion:religion region:region "
    "regions:region regional:region vision:vision television:television version:version "
    "mission:mission commission:commission committee:committee commit:commit "
    "session:session passion:passion fashion:fashion pension:pension pensions:pension "
    "pensioner:pensioner pensioners:pensioner question:question questions:question "
    "section:section sections:section election:election elections:election elect:elect "
    "elected:elect fact:fact factory:factory factories:factory history:history story:story "
    "stories:story memory:memory memories:memory army:army money:money monkey:monkey "
    "only:only early:early family:family families:family july:july italy:italy rally:rally "
    "valley:valley valleys:valley alley:alley turkey:turkey survey:survey surveys:survey "
    "inquiry:inquiry inquiries:inquiry injury:injure injuries:injure injured:injure "
    "battery:battery batteries:battery gallery:gallery library:library libraries:library "
    "bakery:bakery bakeries:bakery baker:baker bakers:baker weather:weather feather:feather "
    "mother:mother father:father brother:brother sister:sister daughter:daughter "
    "corner:corner dinner:dinner center:centre centers:centre centre:centre centres:centre"
)
IRREGULAR: Mapping[str, str] = MappingProxyType(dict(pair.split(":") for pair in _PAST.split()))
