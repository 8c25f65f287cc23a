"""What a sentence of permission is made of, as data: patterns in English, French, German, Spanish, Italian,
Portuguese, Dutch, Polish and Russian. The reading of them is in terms.py."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


REUSE = _any(
    r"\bre-?publi\w+", r"\bre-?print\w*", r"\breproduc\w+", r"\bcross-?post\w*", r"\bre-?post\w*", r"\bcop(?:y|ied|ying|ies)\b",
    r"\b(?:re-?)?distribut\w+", r"\bre-?us(?:e|ed|es|ing)\b", r"\bsyndicat\w+", r"\bpublication of\b", r"\bpublish(?:ed|ing)?\b",
    r"\b(?:be|to|may|use|use of|used|using) (?:this|our|the|any|these|used)\b", r"\buse[sd]? (?:in|on|for|of)\b",
    r"\breproduction\b", r"\brepubli\w+", r"\breproduire", r"\breproduit\w*", r"\breprise\b", r"\breprendre\b", r"\brediffus\w+",
    r"\butilis\w+", r"\bnachdruck\w*", r"\bnachgedruckt", r"\bweiterverbreit\w+", r"\bvervielfältig\w+", r"\bübernahme\b",
    r"\bübernommen", r"\bübernehmen", r"\bverwend\w+", r"\bweiterverwend\w+", r"\bveröffentlich\w+", r"\bzweitverwertung",
    r"\bverbreit\w+", r"\breproducir\w*", r"\breproducci[oó]n\w*", r"\breproducid\w+", r"\breproduzca\w*", r"\bpublicar\w*", r"\bdifusi[oó]n",
    r"\brepublicar\w*", r"\bcopia(?:r|do)?\b", r"\briprodu\w+", r"\bripubblic\w+", r"\breprodução", r"\breproduzi\w+", r"\boverneem\w*",
    r"\bovername\b", r"\bovergenomen", r"\bprzedruk\w*", r"\bkopiowani\w*", r"\brozpowszechniani\w*", r"\bpublikow\w+", r"\bpowiel\w+",
    r"\bwykorzyst\w+", r"\bперепечат\w+", r"\bкопиров\w+", r"\bвоспроизв\w+", r"\bраспростран\w+", r"\bперепост\w*",
    r"\bиспользова\w+", r"\bцитиров\w+", r"\bпубликац\w+", r"\bпередрук\w*", r"\bвикористан\w*",
)  # fmt: skip

PERMIT = _any(
    r"\bgrants? (?:you |everyone |anyone |all |readers )?(?:a )?(?:permission|the right|licen[cs]e|leave)", r"\bpermission is (?:hereby )?(?:granted|given)",
    r"\b(?:you|anyone|everyone|others|publishers|publications|news organi[sz]ations|outlets|readers|websites|media|newspapers)"
    r" (?:may|can|are free to|are welcome to|are (?:hereby )?(?:permitted|allowed|encouraged|invited) to)(?! not)\b",
    r"\b(?:may|can) (?:also |freely |only )?be (?:freely )?(?:re-?publi|re-?print|re-?produc|cross-?post|re-?post|cop|re-?us|redistrib|distrib|used|shared|translated|excerpted|quoted)\w*",
    r"\bfeel free to\b", r"\bfree (?:for (?:anyone|others|you) )?to (?:re-?publi|re-?print|re-?produc|re-?post|cross-?post|re-?us|cop|use|distribute)\w*",
    r"\b(?:we|our organi[sz]ation) (?:\w+ ){0,3}?(?:allow|permit|authori[sz]e|encourage|welcome|invite|let)s?\b", r"\b(?:is|are) (?:permitted|allowed|authori[sz]ed|encouraged|welcome)\b(?! only)",
    r"\brepublish (?:our|this|these) (?:\w+ ){1,3}?(?:for free|free of charge|freely)",
    r"\b(?:est|sont) (?:autorisée?s?|permise?s?|libres?)", r"\b(?:peut|peuvent|pouvez) (?:librement )?(?:être )?(?:librement )?(?:reprodui\w+|repris\w*|republi\w+|utilis\w+|diffus\w+|reprendre|rediffus\w+)",
    r"\breproduction (?:\w+ ){0,2}?autorisée", r"\bnous autorisons\b", r"\blibre de (?:reproduire|republier|reprendre)",
    r"\b(?:darf|dürfen|kann|können)\b(?!.{0,60}\b(?:nicht|nur mit|kein))", r"\b(?:ist|sind|wird) (?:\w+ ){0,4}?(?:gestattet|erlaubt|erwünscht|freigegeben)",
    r"\b(?:gestattet|erlaubt)\b(?<!nicht gestattet)(?<!nicht erlaubt)",
    r"\bse (?:permite|autoriza)n?\b", r"\b(?:puede|pueden|podrá|podrán) (?:ser )?(?:reproduc|republic|publicar|copia|difund|utiliz)\w*", r"\bpermitid[ao]s?\b", r"\bautorizad[ao]s?\b",
    r"\bè (?:consentita|permessa|autorizzata)", r"\b(?:può|possono) essere (?:riprodott|ripubblicat|utilizzat)\w+", r"\bé (?:permitida|autorizada)", r"\bpode ser (?:reproduzid|republicad)\w+",
    r"\b(?:is|zijn) toegestaan", r"\bmag (?:\w+ ){0,3}?(?:worden|overgenomen)",
    r"\bzezwala(?:my| się)\b", r"\bmożna\b", r"\bdozwolon\w+", r"\bjest dozwolon\w+", r"\bwyrażamy zgodę",
    r"\bразреш(?:ена|ено|ён|ается|аем|аются|ены)\b", r"\bдопускается\b", r"\bможно\b", r"\bдозволяється",
)  # fmt: skip

FORBID = _any(
    r"\b(?:may|must|can|shall|should|do|does) not\b", r"\bcan(?:not|'t|’t)\b", r"\b(?:do|does)n['’]t\b", r"\bno part\b", r"\bnone of\b", r"\bneither\b", r"\bnot? (?:be )?(?:permitted|allowed|authori[sz]ed)\b",
    r"\b(?:prohibited|forbidden|banned)\b", r"\bis not (?:granted|permitted|allowed)\b", r"\bno (?:republication|reproduction|reprint\w*|reuse|copying)\b", r"\bnever\b",
    r"\binterdit\w*", r"\bne (?:peut|peuvent|doit|doivent)\b", r"\bproscrit\w*", r"\b(?:nicht|kein\w*) (?:\w+ ){0,4}?(?:gestattet|erlaubt|zulässig|verwendet|vervielfältigt|verbreitet|veröffentlicht|übernommen|nachgedruckt|kopiert|werden)\b",
    r"\b(?:verboten|untersagt|unzulässig)\b", r"\bprohibid\w+", r"\bqueda(?:n)? prohibid\w+", r"\bno (?:se )?(?:permite|puede|podrá|autoriza)\w*", r"\bvietat\w+", r"\bproibid\w+", r"\bnão (?:é permitid|pode)\w*",
    r"\bverboden\b", r"\bniet toegestaan\b", r"\bzabronion\w*", r"\bzabrania się\b", r"\bnie (?:wolno|można|jest dozwolon\w+)\b", r"\bzakaz\w*", r"\bзапрещ\w+", r"\bне (?:допускается|разрешается|разрешено|может)\b", r"\bзаборон\w+",
)  # fmt: skip

_CONSENT = (
    r"(?:\w+[ ,]+){0,6}?(?:permission|consent|approval|authori[sz]ation|agreement|licen[cs]e|autorisation|accord|genehmigung|zustimmung|einwilligung"
    r"|erlaubnis|autorización|permiso|consentimiento|autorizzazione|consenso|autorização|permissão|toestemming|zgod[yaęą]|pozwoleni\w+|zezwoleni\w+"
    r"|разрешени\w+|согласи\w+|дозвол\w+)"
)
WITHOUT_CONSENT = _any(
    rf"\b(?:without|unless|except with|absent|sans|sauf|sauf avec|ohne|sin|senza|sem|zonder|bez|без|кроме как с)\b {_CONSENT}",
    r"\bunless (?:\w+ ){0,4}?(?:authori[sz]ed|permitted|agreed)",
)
NEEDS_CONSENT = _any(
    rf"\b(?:requires?|require[sd]|needs?|must (?:have|request|obtain|seek|get|ask for|secure)|(?:is |are )?subject to|seek|obtain|request|only (?:with|by|after|upon)|only (?:be )?(?:\w+ ){{0,6}}?with|by) {_CONSENT}",
    r"\b(?:permission|consent|authori[sz]ation|approval) (?:\w+ ){0,4}?(?:is |are )?(?:required|needed|necessary|must be)", rf"\bwith (?:the |our )?(?:prior|express|written|explicit) {_CONSENT}",
    rf"\b(?:nécessite|requiert|soumise? à|sous réserve d\S*|qu['’]avec|uniquement avec)\s*{_CONSENT}", r"\bautorisation préalable", rf"\b(?:nur|ausschließlich|lediglich) (?:\w+ ){{0,4}}?(?:mit|nach) {_CONSENT}", rf"\b(?:bedarf|bedürfen|erfordert|benötigt) {_CONSENT}",
    r"\b(?:genehmigungs|zustimmungs)pflichtig", rf"\b(?:previa|requiere|con la|solo con) {_CONSENT}", rf"\b(?:previa|richiede|solo con) {_CONSENT}", rf"\b(?:wymaga|tylko za|wyłącznie za|jedynie za|za) {_CONSENT}", rf"\b(?:только с|с письменного|требует\w*|лишь с) {_CONSENT}",
    r"\bask (?:us |me |the author |them )?(?:first|before|for permission)", r"\bmust ask\b", r"\bplease ask\b",
)  # fmt: skip
ASK = _any(
    r"\b(?:contact|e-?mail|write to|reach out to|get in touch|apply to|enquir\w+ (?:to|at)|inquir\w+ (?:to|at)|send (?:a |your )?requests?)\b", r"\b(?:contactez|contacter|écrire à|écrivez)\b",
    r"\b(?:wenden sie sich|kontaktieren|anfragen? (?:an|bitte)|schreiben sie|kontakt)\b", r"\b(?:contactar|contacte|escrib\w+ a|póngase en contacto)\b", r"\b(?:contattare|scrivere a)\b", r"\b(?:kontakt|prosimy o kontakt|skontaktuj)\b",
    r"\b(?:обращайтесь|обращаться|пишите|свяжитесь)\b",
)  # fmt: skip
PERMISSION_TOPIC = _any(
    r"\b(?:permission|licen[cs]\w+|re-?print\w*|re-?publi\w+|syndicat\w+|reproduc\w+|rights (?:department|desk|enquir|inquir)\w*|reuse|publication of|commercial use|copyright)\b",
    r"\b(?:autorisation|reproduction|droits|republi\w+)\b", r"\b(?:genehmigung|nachdruck\w*|lizenz\w*|rechte|abdruck\w*)\b", r"\b(?:autorización|permiso|reproducción|derechos)\b",
    r"\b(?:zgod[aęy]|przedruk\w*|licencj\w+)\b", r"\b(?:разрешени\w+|перепечат\w+|лицензи\w+|прав)\b",
)  # fmt: skip
FAIR_USE = _any(
    r"\bfair[\s-](?:use|dealing)\b",
    r"\bcourte citation\b",
    r"\buso (?:justo|legítimo)\b",
    r"\bдобросовестн\w+ использован\w+",
)
EXHORTS = _any(
    r"^(?:please |kindly )?(?:click|share|forward|follow|like|subscribe|spread|crosspost|cross-post|repost|retweet|tell|sign up|join|support|donate|send)\b(?!.{0,80}\b(?:permission|licen[cs]e|provided that)\b)",
    r"\bnote to readers\b", r"^(?:partagez|teilen sie|comparte|udostępnij|поделитесь|подписывайтесь)\b",
)  # fmt: skip

CHANNELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("print", _any(r"\b(?:in|on) (?:\w+ )?(?:print|paper)\b", r"\bprint(?:ed)?(?: \w+){0,2} (?:publications?|editions?|media|form|newspapers?|magazines?)\b", r"\b(?:newspapers?|magazines?|books?)\b", r"\b(?:print|printed) (?:or|and)\b",
                   r"\bimprim\w+", r"\bsur papier", r"\bpresse écrite", r"\bgedruckt\w*", r"\bprintmedien", r"\bprint\b(?= )", r"\bimpres[ao]s?\b", r"\bdruk(?:iem|owan\w*|u)\b", r"\bпечатн\w+", r"\ba stampa\b")),
    ("community_site", _any(r"\bcommunity (?:internet |web ?|web-?)?(?:sites?|blogs?|forums?|pages?)\b", r"\bsites? (?:communautaires?|associatifs?)", r"\bpersonal (?:blogs?|web ?sites?)\b", r"\bprivate[nr]? (?:webseiten|websites|blogs)")),
    ("nonprofit_site", _any(r"\b(?:non-?profit|not-for-profit|non-?commercial|charit\w+)(?: \w+){0,2} (?:web ?)?(?:sites?|outlets?|publications?|organi[sz]ations?|newsrooms?|media)\b", r"\bsites? non[ -]commercia\w+", r"\bsites? à but non lucratif",
                            r"\bnicht-?kommerzielle[nrs]? (?:\w+ )?(?:seiten|websites?|webseiten|medien|angebote\w*)", r"\bsitios (?:\w+ )?sin (?:ánimo|fines) de lucro", r"\bsitios no comerciales", r"\bstron\w+ niekomercyjn\w+", r"\bнекоммерческ\w+ (?:сайт|издани|ресурс)\w*")),
    ("commercial_site", _any(r"(?<!non-)(?<!non )(?<!non‑)\bcommercial (?:internet |web ?|web-?|news ?)?(?:sites?|websites?|outlets?|publications?|publishers?|media|platforms?)\b", r"\bfor-profit (?:\w+ )?(?:sites?|outlets?|publications?|media|organi[sz]ations?)\b", r"(?<!non )(?<!non-)\bsites? (?:internet )?commercia\w+",
                             r"(?<!nicht)(?<!nicht-)(?<!nicht )\bkommerzielle[nrs]? (?:\w+ )?(?:seiten|websites?|webseiten|medien|angebote\w*)", r"(?<!no )\bsitios (?:web )?comerciales", r"(?<!nie)\bkomercyjn\w+ (?:stron|serwis|portal)\w*", r"(?<!не)\bкоммерческ\w+ (?:сайт|издани|ресурс|площадк)\w*")),
    ("intranet", _any(r"\bintranets?\b")),
    ("broadcast", _any(r"\bbroadcast\w*", r"\b(?:on|in) (?:radio|television|tv)\b", r"\brundfunk\w*", r"\bradiodiffus\w+")),
    ("email", _any(r"\be-?mail (?:lists?|newsletters?)\b", r"\bnewsletters?\b(?= (?:or|and|may|can))", r"\bmailing lists?\b")),
    ("social", _any(r"\bsocial (?:media|networks?)\b(?= (?:or|and|posts?|platforms?|accounts?|sites?|is|are))", r"\bréseaux sociaux\b", r"\bsozialen? (?:medien|netzwerken)\b")),
    ("app", _any(r"\b(?:mobile )?apps?\b(?= (?:or|and|may|is|are))")),
    ("classroom", _any(r"\bclassrooms?\b", r"\bcourse ?packs?\b", r"\bin (?:schools|teaching|der schule|unterricht)\b", r"\ben classe\b", r"\bzu unterrichtszwecken")),
    ("other", _any(r"\bother (?:forms?|media|formats?|uses?|purposes?|channels?|means)\b", r"\bany other\b(?= (?:form|use|purpose|medium))", r"\bautres? (?:formes?|supports?|usages?)\b", r"\bandere[nr]? (?:formen|medien|zwecke\w*)\b", r"\botr[ao]s (?:formas|medios|usos)\b", r"\bin(?:ne|nych) form\w+", r"\bины\w+ (?:форм|цел)\w*")),
)  # fmt: skip
ONLINE = _any(
    r"\bonline\b",
    r"\bon (?:your|the|any|their) (?:web ?site|web|site|blog)\b",
    r"\bweb ?sites?\b",
    r"\ben ligne\b",
    r"\bim internet\b",
    r"\ben línea\b",
    r"\bw internecie\b",
    r"\bв интернете\b",
    r"\bdigital\w*",
)

ACTIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ai_train", _any(r"\b(?:train\w*|develop\w*|fine-?tun\w+|machine[- ]learning|text and data mining|tdm)\b(?=.{0,120}\b(?:ai|a\.i\.|artificial intelligence|machine[- ]learning|language models?|llms?|models?|algorithms?|systems?|mining)\b)", r"\b(?:ai|llm|machine[- ]learning|artificial intelligence)\b.{0,40}\btrain\w*", r"\btext and data mining\b",
                      r"\bentraîn\w+.{0,60}\b(?:ia|intelligence artificielle|modèles?)\b", r"\b(?:ki|künstlich\w+ intelligenz)\b.{0,60}\btrain\w*", r"\btrain\w*.{0,60}\b(?:ki|künstlich\w+ intelligenz)\b", r"\btext[- ]und[- ]data[- ]mining", r"\bentren\w+.{0,60}\b(?:ia|inteligencia artificial)\b", r"\b(?:trenowani\w+|uczeni\w+)\b.{0,60}\b(?:ai|sztuczn\w+)", r"\bобуч\w+.{0,60}\b(?:ии|искусственн\w+|нейросет\w+|моделей)")),
    ("ai_input", _any(r"\b(?:retrieval|grounding|rag|ai[- ](?:generated )?(?:summar|overview|answer)\w*|chatbots?)\b")),
    ("translate", _any(r"\btranslat\w+", r"\btraduc\w+", r"\btraduire|\btradui[ts]\w*", r"\btraduzion\w*", r"\btraduç\w+", r"\bübersetz\w+", r"\btłumacz\w+", r"\bперев(?:од|ест)\w*", r"\bvertal\w+")),
    ("record_audio", _any(r"\baudio (?:versions?|recordings?)\b", r"\bpodcasts?\b", r"\bread aloud\b")),
    ("sell", _any(r"\b(?:re-?)?s(?:ell|old|elling|ale of)\b", r"\bresale\b", r"\bverkauf\w*", r"\bvend(?:re|er|ido|ue)\w*", r"\bsprzeda\w+", r"\bпрода\w+")),
    ("excerpt", _any(r"\bexcerpts?\b", r"\bquot(?:e|ed|es|ing|ation)\b", r"\bextraits?\b", r"\bauszüge?\b", r"\bauszugsweise\b", r"\bzitier\w+", r"\bextractos?\b", r"\bfragment\w*", r"\bcytow\w+", r"\bцитир\w+", r"\bfirst paragraphs?\b", r"\bcitation\b", r"\bcitas?\b")),
    ("adapt", _any(r"\badapt\w*", r"\bremix\w*", r"\bderivative\w*", r"\b(?:modif|alter)\w+", r"\bbearbeit\w+", r"\bmodifi\w+", r"\bedit(?:ed|s|ing)?\b", r"\bchang(?:e|ed|es|ing)\b")),
)  # fmt: skip
NONCOMMERCIAL = _any(
    r"\bnon[- ‑]?commercial\w*",
    r"\bnot[- ]for[- ]profit\b",
    r"\bnon-?profit\b",
    r"\bnicht-? ?kommerziell\w*",
    r"\bno comercial\w*",
    r"\bnon commercia\w+",
    r"\bsin (?:ánimo|fines) de lucro",
    r"\bniekomercyjn\w+",
    r"\bнекоммерческ\w+",
    r"\bniet-commercieel\w*",
)
COMMERCIAL = _any(
    r"(?<!non-)(?<!non )(?<!non‑)(?<!no )(?<!nicht-)(?<!nicht )\b(?:commercial(?:ly)?|kommerziell\w*|gewerblich\w*|comercial\w*|commercia(?:l|le|les|ux|li)|komercyjn\w+|коммерческ\w+|for[- ]profit)\b"
)
