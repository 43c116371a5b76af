"""Common first names of the languages that pages come in: a sign that a bare line is a person.

The list only adds weight to a line that already stands where a byline stands; a name that is not
in it is no less a name.
"""

from __future__ import annotations

__all__ = ["starts_with_first_name"]

_NAMES = frozenset(
    """
    aaron adam adrian agnes ahmed alain alan albert alejandro alessandro alex alexander alexandra alexandre
    alfred alice alicia alina alison amanda amelie amy ana andrea andreas andrew andré angela angelika anita
    ann anna anne anne-marie annette anthony anton antoine antonio arno arthur arturo astrid axel barbara
    bart beate beatrice ben benedikt benjamin benoit bernard bernd bernhard bettina birgit bob boris brian
    brigitte bruce bruno bryan camila camille cara carina carl carla carlo carlos carmen carol carola
    caroline carolin carsten catherine cathrin celia cecilia charles charlotte chiara chris christian
    christiane christina christine christoph christophe christopher claire clara claude claudia claudio
    colin constanze cora cornelia cosima cristina cédric damien dan daniel daniela danielle dave david davide
    deborah denis denise dennis dennis detlef diana didier diego dieter dietmar dirk dominic dominik
    dominique donald doris dorothea doug eberhard eckhard edgar eduardo edward elena elisa elisabeth elizabeth ella
    ellen emily emma emmanuel emmanuelle enrico eric erich erik erika ernst esther eva evan evelyn fabian
    fabio federico felix ferdinand fernando florence florian francesca francesco francis francisco franck
    frank franz françois frederik friedrich fritz gabriel gabriele gary gavin georg george georges gerald
    gerd gerhard gilles giovanni gisela giulia giuseppe gloria graham greg gregor guido guillaume gunter
    gustavo guy günter günther götz hanna hannah hannes hans harald harry heather heidi heike heiko heinrich
    heinz helen helena helga helge helmut hendrik henning henri henrik henry herbert hermann holger horst
    hubert hugo ian ignacio inga ingo ingrid irene iris isabel isabella isabelle ivan jack jacob jacqueline
    jacques jakob james jan jana jane janet janine jason javier jean jean-claude jean-pierre jeanne jeff
    jennifer jenny jens jeremy jessica jil jim joachim joan jochen joe joel johanna johannes john jonas
    jonathan jorge josef joseph joshua josé joão juan judith jule julia julian juliane julie julien juliet
    jutta jörg jörn jürgen kai karen karin karl karsten katarina kate katharina kathleen kathrin kathryn
    katja katrin kay keith kelly ken kerstin kevin kim klaus konrad konstantin kristin kristina kurt lars
    laura lauren laurent lea lena leo leonard leonie lilian linda lisa lorenzo louis louise luana luca lucas
    lucia lucy luis luisa lukas lutz luís lydia magdalena maik manfred manuel manuela marc marcel marco
    marcos marcus margaret maria marie marina mario marion mark marko markus marta martha martin martina
    mary mathias mathieu mathilda matt matthew matthias max maximilian maya megan mehmet melanie melissa
    meike michael michaela michel michelle miguel mike mirjam miriam mohammed mohamed monica monika moritz
    nadine nadja nancy natalie natascha nathan nicholas nick nicola nicolas nicole nikolai nikolaus nils
    nina noah nora norbert olaf oleg olga oliver olivia olivier oscar oskar otto pablo pamela paola paolo
    pascal patricia patrick paul paula paulo pedro petar peter petra philip philipp philippe pierre pietro
    rachel rafael rainer ralf ralph ramona raphael raul rebecca regina reiner reinhard rené ricardo richard
    rita rob robert roberto robin roger roland rolf roman ronald rosa rudolf ruth ryan sabine sabrina
    salvatore sam samuel sandra sara sarah sascha scott sean sebastian sergio sieglinde siegfried silke
    silvia simon simone sofia sonia sonja sophia sophie stefan stefanie steffen stephan stephanie stephen
    steve steven stuart sue susan susanna susanne sven svenja sylvia tanja tatiana ted theo theresa thomas
    thorsten tiago till tilman tim timo tina tobias tom torsten ulf ulrich ulrike ursula uta ute uwe valentina
    valerie vanessa vera verena veronica veronika victor victoria viktor vincent vincenzo virginia volker
    walter werner wilhelm will william willi wolf wolfgang xavier yann yannick yvonne zoe
    """.split()  # noqa: SIM905 - a list of words reads better
)
_TITLES = frozenset(("dr.", "dr", "prof.", "prof", "med."))


def starts_with_first_name(words: str) -> bool:
    """Whether the first word, after academic titles, is a common first name.

    >>> starts_with_first_name("Dr. Uta Beispiel"), starts_with_first_name("Neue Regeln")
    (True, False)
    """
    for word in words.lower().split()[:3]:
        if word not in _TITLES:
            return word in _NAMES or word.split("-")[0] in _NAMES
    return False
