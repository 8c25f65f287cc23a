"""Conditions as patterns over a clause: code, how sure, pattern. Codes are those of
ledger.rights.codes.ConditionCode; the table was drawn up from real republication policies.

One code may have several rows (languages, phrasings); the surest row that matches counts.
"""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.intake.draft import ConditionReading, Evidence

_CREDIT = r"(?:credit\w*|attribut\w+|acknowledg\w+|cit(?:e|ed|ing)|name[ds]?|mention\w*|includ\w+|keep|retain|give|byline)"
_ROWS: tuple[tuple[str, float, str], ...] = (
    # attribution
    ("credit_author", 0.9, rf"\b{_CREDIT}\b(?:\W+\w+){{0,8}}?\W+(?:authors?|writers?|reporters?|journalists?|bylines?)\b"),
    ("credit_author", 0.8, r"\bbyline (?:must|should|has to|is)\b|\bauthor(?:'s|’s)? (?:name|byline)|\b(?:authors?|reporters?) (?:must|should|is|are|has to)(?: to)? be (?:credited|named|acknowledged)|\bwith (?:the )?author(?:'s|’s)? name"),
    ("credit_author", 0.8, r"\b(?:mention\w*|nom|citer?|citant|indiquer|indiquant) (?:[\w'’]+ ){0,4}?(?:auteurs?|l['’]auteur)|\b(?:nennung|angabe|namen?) (?:\w+ ){0,4}?(?:autor\w*|verfasser\w*|urheber\w*)|\bautor\w* (?:\w+ ){0,3}?(?:genannt|angegeben|nennen)|\b(?:cit\w+|mencion\w+|nombre\w*|indic\w+) (?:\w+ ){0,4}?autor\w*|\b(?:poda\w+|wskaza\w+|oznaczeni\w+) (?:\w+ ){0,5}?autor\w*|\bуказани\w+ (?:\w+ ){0,4}?автор\w*"),
    ("credit_publisher", 0.9, rf"\b{_CREDIT}\b(?:\W+\w+){{0,6}}?\W+(?:sources?|publisher|publication|us|organi[sz]ation|original(?:ly)? publish\w+|site|newsroom|outlet)\b"),
    ("credit_publisher", 0.9, r"\b(?:the )?source\b(?:\W+\w+){0,4}?\W+(?:is|are|be) (?:acknowledged|credited|cited|given|named|mentioned|clearly)|\bwith (?:proper |full |due |appropriate |clear )?(?:credit|attribution|acknowledg\w+)\b(?! of copyright)|\bfull credit\b|\b(?:properly|clearly|fully) (?:credited|attributed)|\b(?:provided|as long as|if) (?:\w+ ){0,4}?(?:credit|attribution) (?:is|to)|\battribution is required|\bmust (?:credit|attribute)\b(?! (?:the )?(?:author|writer|reporter|photog))|\bcredit (?:the )?[A-Z]\w+"),
    ("credit_publisher", 0.85, r"\b(?:mention\w*|indication|citation|citer|citant|indiquant|indiquer|préciser) (?:[\w'’]+ ){0,7}?(?:de )?(?:la )?source|\b(?:quellenangabe|quellennennung|nennung der quelle|angabe der quelle|quelle (?:\w+ ){0,3}?(?:genannt|angegeben|nennen))|\b(?:cit\w+|mencion\w+|indic\w+) (?:\w+ ){0,4}?(?:la )?fuente|\b(?:poda\w+|wskaza\w+) (?:\w+ ){0,5}?źródł\w+|\bуказани\w+ (?:\w+ ){0,4}?источник\w*|\bссылк\w+ на (?:источник|первоисточник|издание|редакцию)|\bcitando la fonte|\bbronvermelding|\bcitad[ao] a fonte"),
    ("exact_credit_line", 0.9, r"\b(?:following|exact|this|below) (?:credit|attribution|byline|language|text|wording|line|statement|notice|tagline|sentence)\b(?:\W+\w+){0,6}?\W*(?::|[\"“«])|\b(?:credit|attribut\w+|byline)\b[^.\n]{0,60}?(?:as follows|should read|must read|to read)|\b(?:include|use|add|with) the (?:following|words?|phrase|line|text|language)\b|\bthe words [\"“]|\bcredit line\b"),
    ("exact_credit_line", 0.8, r"\b(?:mention|formule) (?:suivante|obligatoire)|\bfolgende[nrms]? (?:hinweis|quellenangabe|satz|wortlaut)|\b(?:siguiente|la) (?:leyenda|mención|frase)\b|\bnastępując\w+ (?:formuł|informacj|treści)\w*"),
    ("credit_at_top", 0.9, r"\b(?:at|near|on) the (?:top|beginning|start|head)\b|\bprominent(?:ly)?\b[^.\n]{0,40}\b(?:credit|top|link|attribut)\w*|\bam anfang\b|\bau début\b|\ben tête\b|\bal (?:inicio|principio)\b|\bna początku\b|\bв начале\b"),
    ("about_line", 0.85, r"\b(?:about|boilerplate|tagline|description|mission) (?:line|statement|paragraph|sentence)\b|\b(?:is an? (?:independent|non-?profit|not-for-profit) (?:\w+ ){0,3}?(?:newsroom|news organi[sz]ation|publication|magazine|outlet))|\babout us (?:line|text|blurb)|\bshort description of (?:us|our)"),
    ("logo", 0.9, r"\b(?:our|include|display|use|with|the) (?:\w+ ){0,3}?logo\b|\blogo\b[^.\n]{0,30}\b(?:must|should|may|included|displayed)"),
    ("social_tag", 0.9, r"\btag (?:us|our|@|the author)|\b(?:when|if) (?:you )?shar\w+[^.\n]{0,50}\b(?:social|facebook|twitter|instagram|mastodon)\b[^.\n]{0,40}\b(?:tag|mention|@)|\bmention @\w+"),
    ("acknowledge_copyright", 0.9, r"\bcopyright\b(?:\W+\w+){0,4}?\W+(?:is|are|be) (?:acknowledged|included|retained|kept|intact|preserved|noted|stated|displayed)|\b(?:acknowledg\w+|includ\w+|retain\w*|keep\w*|preserv\w+|display\w*|reproduc\w+|with) (?:\w+ ){0,4}?copyright\b(?! (?:owner|holder|law|law|act))|\bcopyright (?:notice|line|statement) (?:must|should|is|remains)"),
    ("no_endorsement", 0.9, r"\b(?:imply|implies|implying|suggest\w*)\b[^.\n]{0,60}\bendors\w+|\bno endorsement\b|\bendors(?:e|es|ement|ed)\b[^.\n]{0,30}\b(?:you|your)"),
    # links
    ("link_article", 0.9, r"\b(?:hyper-?)?link\w*\b(?:\W+\w+){0,6}?\W+(?:original|article|story|stories|piece|post|page|url|version|source article)\b"),
    ("link_article", 0.8, r"\b(?:url|web address) of the (?:original|article|story)|\blien (?:[\w'’]+ ){0,4}?(?:l['’])?(?:article|original|texte)|\b(?:link|verlinkung|verweis) (?:\w+ ){0,5}?(?:originalartikel|originalbeitrag|original\w*|artikel)|\benlace (?:\w+ ){0,5}?(?:original|artículo)|\b(?:link\w*|odnośnik\w*|odsyłacz\w*) (?:\w+ ){0,5}?(?:oryginal\w*|artykuł\w*|tekst\w*)|\b(?:гипер)?ссылк\w+ (?:\w+ ){0,3}?(?:на )?(?:оригинал|статью|материал|исходн\w+)|\blink all['’]articolo"),
    ("link_back", 0.85, r"\blink(?:s|ed|ing)? back\b|\blink(?:s|ing)? (?:to|with) (?:us|our (?:home ?page|(?:web ?)?site))\b|\b(?:hyper-?)?links? to (?:the )?[\w.-]+\.(?:org|com|net|example|eu|co)\b|\bback-?link\b|\bwith a link\b(?! to (?:the )?(?:original|article))|\blien (?:actif |hypertexte )?vers (?:notre|le) site|\bverlinkung auf (?:unsere|die) (?:seite|website|homepage)|\benlace (?:activo )?a (?:nuestra|la) (?:página|web)|\blink\w* do (?:naszej|strony)|\bактивн\w+ (?:гипер)?ссылк\w+|\bгиперссылк\w+ на (?:сайт|источник)"),
    ("keep_links", 0.9, r"\b(?:keep|preserv\w+|retain\w*|maintain\w*|includ\w+|leave)\b(?:\W+\w+){0,4}?\W+(?:hyper)?links\b|\b(?:all|any|in-?text|embedded|internal|existing) (?:hyper)?links\b[^.\n]{0,40}\b(?:intact|preserved|kept|remain|retained|included|maintained)|\bdo(?:n['’]t| not) remove (?:\w+ ){0,3}?links"),
    ("use_republish_tool", 0.9, r"\brepublish\w*[\s\"“”']+(?:this story |this article )?(?:button|tool|widget|link|box)\b|\b(?:click|use|copy)\b[^.\n]{0,50}\b(?:html|code|button|embed)\b[^.\n]{0,40}\brepublish\w*|\bcopy (?:and paste )?(?:our|the) (?:html|code)\b"),
    ("tracking_pixel", 0.95, r"\btracking (?:pixel|code|tag|script|snippet)\b|\bpage[- ]?view (?:counter|tracker|pixel)|\bpixel (?:tracker|count\w*)|\bjavascript (?:snippet|beacon)|\bzählpixel\b|\bpixel de suivi\b"),
    ("canonical_tag", 0.95, r"\bcanonical (?:tag|link|url)\b|\brel=[\"“]?canonical"),
    ("noindex", 0.95, r"\bno-?index\b"),
    # changes
    ("no_edits", 0.9, r"\b(?:may|must|can|do|should|shall|will)(?: ?not|n['’]t)\b(?:\W+\w+){0,5}?\W+(?:edit\w*|alter\w*|chang\w+|modif\w+|rewrit\w+|abridge\w*)\b|\b(?:without|no) (?:\w+ ){0,3}?(?:edit\w*|alter\w*|changes?|modif\w+)\b|\bcan(?:['’]t|not) (?:edit|alter|change|modify)|\b(?:un(?:edited|altered|modified|changed)|verbatim|as is|intact)\b|\bno (?:changes|edits|alterations)\b"),
    ("no_edits", 0.9, r"\b(?:is|are|be|been) not (?:\w+ ){0,2}?(?:edited|altered|changed|modified|abridged|rewritten)\b"),
    ("no_edits", 0.85, r"\bsans (?:\w+ ){0,2}?modifications?|\bne (?:peut|doit|peuvent|doivent) (?:pas )?être modifié\w*|\bin (?:un(?:veränderter|geänderter|bearbeiteter)) (?:form|fassung)|\bunverändert\w*|\bkeine (?:änderungen|bearbeitung\w*)|\bsin (?:\w+ ){0,2}?(?:modific\w+|cambios|alter\w+)|\bbez (?:\w+ ){0,3}?(?:zmian|modyfikacji|skrótów)|\bбез (?:\w+ ){0,2}?(?:изменени\w+|искажени\w+|правк\w+)|\bsenza modifiche"),
    ("style_edits_ok", 0.9, r"\bexcept\b[^.\n]{0,80}\b(?:relative|time|location|style|editorial style|house style|punctuation|spelling)\b|\b(?:house|editorial|publication(?:'s|’s)?|your) style\b|\b(?:minor|small|light) (?:\w+ )?(?:edits?|changes?|copy ?edit\w*|style)\b|\brelative references?\b|\breferences? to time, place"),
    ("disclose_changes", 0.9, r"\b(?:indicate|note|disclose|state|mark|flag|identify|say)\b(?:\W+\w+){0,6}?\W+(?:chang\w+|edit\w+|adapted|modif\w+|abridged|shorten\w+)\b|\b(?:this (?:story|article) (?:was|has been) (?:edited|shortened|adapted))|\b(?:changes|edits|modifications) (?:must|should) be (?:\w+ )?(?:noted|marked|indicated|disclosed|flagged)|\bänderungen (?:\w+ ){0,3}?(?:kenntlich|gekennzeichnet)|\bindiquer (?:\w+ ){0,3}?modifications"),
    ("edits_need_approval", 0.9, r"\b(?:changes|edits?|editing|alterations|modifications|shorten\w*|abridg\w+|cuts?)\b(?:\W+\w+){0,6}?\W+(?:approv\w+|permission|consent|clear\w+|check\w*|consult\w*|agree\w*)\b|\b(?:approv\w+|permission|consent|ask us|contact us|check with us|consult us)\b[^.\n]{0,60}\b(?:edit|alter|change|shorten|substantial\w*|material) ?(?:\w*)\b(?: changes| edits)?|\bwithout (?:our |prior )?(?:approval|permission)[^.\n]{0,20}\b(?:edit|alter|change)"),
    ("derivatives_ok", 0.85, r"\b(?:free|may|can|welcome) (?:to )?(?:\w+,? ){0,4}?(?:adapt|remix|build upon|transform)\b|\bderivative works? (?:are|is) (?:allowed|permitted|ok)"),
    ("translation_ok", 0.9, r"\b(?:may|can|free|welcome|encourag\w+|allow\w*|permit\w*)\b[^.\n]{0,60}\btranslat\w+(?!\w* (?:without|requires?|needs?))|\btranslat\w+ (?:\w+ ){0,3}?(?:are|is) (?:allowed|permitted|welcome|encouraged|ok)|\btraductions? (?:\w+ ){0,2}?(?:autorisée?s?|permise?s?)|\bübersetzung\w* (?:\w+ ){0,3}?(?:gestattet|erlaubt|erwünscht)|\bse permite[^.\n]{0,30}traducci\w+|\bмож\w+ перевод\w*|\bперевод\w* разреш\w+|\btłumaczeni\w+ (?:jest |są )?dozwolon\w+"),
    ("full_text_required", 0.9, r"\bin (?:its|their) (?:entirety|complete form|full form|full length)\b|\b(?:entire|full|complete|whole) (?:article|story|text|piece|post|stories|articles)\b|\brun (?:\w+ ){0,3}?in full\b|\brepublish\w* in full\b|\bin full\b(?= (?:and|with|without|only))|\bdans (?:son|leur) intégralité|\bintégralement\b|\bvollständig\w*\b|\bíntegr\w+|\bw całości\b|\bполностью\b|\bin voller länge\b"),
    ("headline_may_change", 0.9, r"\b(?:may|can|free to|welcome to|ok to)\b[^.\n]{0,60}\b(?:chang\w+|writ\w+|rewrit\w+|edit\w*|us\w+)\b[^.\n]{0,30}\b(?:headlines?|titles?)\b|\b(?:headlines?|titles?) (?:may|can) be (?:changed|rewritten|edited|adapted)|\bown headlines?\b|\bexcept[^.\n]{0,40}\bheadlines?\b"),
    ("headline_fixed", 0.9, r"\b(?:may|must|do|should|can)(?: ?not|n['’]t)\b[^.\n]{0,40}\b(?:chang\w+|alter\w*|edit\w*|rewrit\w+)\b[^.\n]{0,25}\b(?:headlines?|titles?)\b|\b(?:original|same|our) headlines?\b|\b(?:keep|use|retain)\b[^.\n]{0,15}\b(?:headlines?|titles?)\b"),
    ("shortening_ok", 0.9, r"\b(?:may|can|free to|welcome to|ok to)\b(?! not)[^.\n]{0,50}\b(?:shorten|trim|cut|abridge|edit (?:\w+ ){0,3}?for (?:length|space))\w*|\b(?:shorten|trimm|abridg)(?:ed|ing) (?:for|is|versions?)\b|\bfor (?:length|space)\b|\bedit(?:ed)? for length"),
    # extent
    ("print_ok", 0.9, r"\bonline (?:or|and|and/or) (?:in )?print\b|\b(?:in )?print (?:or|and|and/or) (?:online|digital\w*|on the web)\b|\bprint (?:republication|publication|reproduction|use) (?:is|are) (?:ok|allowed|permitted|welcome)|\b(?:may|can|free to)\b(?! not)[^.\n]{0,60}\bin print\b|\bauf papier und online|\bw druku i w internecie|\ben ligne (?:et|ou) (?:sur papier|imprimé)"),
    ("excerpt_ok", 0.85, r"\b(?:may|can|free to|welcome to|allow\w*|permit\w*|ok to)\b(?! not)[^.\n]{0,60}\b(?:excerpts?|quot\w+|portions?|extracts?|in part|parts)\b|\bin (?:whole|full) or in part\b|\bexcerpts? (?:\w+ ){0,3}?(?:are|is|may|can)(?! not)\b|\bganz oder (?:teilweise|auszugsweise|in teilen)|\bauszugsweise\b|\btotal\w* o parcial\w*|\ben tout ou (?:en )?partie|\bw całości lub (?:we? )?(?:fragment|części)\w*|\bполностью или (?:частично|в отрывках)"),
    ("excerpt_limit", 0.95, r"\b(?:up to|no more than|maximum of|max\.?|not (?:to )?exceed\w*|fewer than|less than|first|at most|limited to|only) (?:the )?(?:first )?(?:\d+|one|two|three|four|five|fifty|hundred)(?: \w+)? (?:words?|paragraphs?|sentences?|lines?|characters?)\b|\b\d{2,3}[- ]words? (?:excerpt|limit|maximum|or (?:less|fewer))|\b(?:höchstens|maximal|bis zu) \d+ (?:wörter|zeilen|zeichen)|\b(?:au plus|maximum|jusqu['’]à) \d+ (?:mots|lignes)|\b(?:hasta|máximo(?: de)?) \d+ palabras|\b(?:do|maksymalnie) \d+ (?:słów|znaków)|\bне более \d+ (?:слов|знаков)"),
    ("print_ask", 0.85, r"\bprint\b[^.\n]{0,80}\b(?:contact|permission|ask|request|separate)\b|\b(?:contact|ask|permission)\b[^.\n]{0,60}\b(?:in|for) print\b"),
    ("circulation_cap", 0.9, r"\b(?:up to|no more than|maximum of|fewer than|not exceed\w*|limit of) [\d.,]+ (?:copies|print run|subscribers|readers|circulation)|\bprint run of (?:up to|no more than)|\bauflage (?:von )?(?:bis|höchstens|maximal)|\btirage (?:maximal|limité)|\bcirculation (?:of )?(?:under|below|less than|up to)"),
    # images
    ("images_separate_rights", 0.9, r"\b(?:photo\w*|images?|pictures?|illustrations?|graphics?|visuals?|artwork|videos?)\b[^.\n]{0,120}\b(?:separate\w*|separately|own (?:licen[cs]e|rights|copyright)|different(?:ly)? (?:licen[cs]e|rights)|rights (?:of|held|belong)|licen[cs]ed from|third[- ]part\w+|other (?:copyright|rights)|may (?:be|not be) (?:\w+ )?(?:subject|covered|included)|agenc\w+|copyright(?:ed)? (?:by|to|of))|\b(?:permission|contact|ask|check)\b[^.\n]{0,60}\b(?:to use|use of|republish|for|before using)\b[^.\n]{0,30}\b(?:photo\w*|images?|pictures?|illustrations?)\b|\bbilder\b[^.\n]{0,80}\b(?:gesondert|separat|ausgenommen|eigene)|\bzdjęci\w+[^.\n]{0,60}\b(?:osobn|odrębn|innych)\w*|\bфото\w*[^.\n]{0,60}\b(?:отдельн|согласов)\w*"),
    ("images_excluded", 0.9, r"\b(?:photo\w*|images?|pictures?|illustrations?|graphics?|artwork|videos?)\b[^.\n]{0,60}\b(?:are not included|not included|excluded|may not be|are not (?:part|covered|available|licen[cs]ed)|cannot be|do(?:es)? not (?:apply|extend)|must not be)|\b(?:exclud\w+|except(?:ing)?|but not|not|without|does not (?:apply to|include|cover|extend to)|other than)\b (?:for )?(?:\w+ ){0,2}?(?:photo\w*|images?|pictures?|illustrations?|graphics?)\b|\bdo(?:n['’]t| not) (?:use|republish|copy|include) (?:\w+ ){0,3}?(?:photo\w*|images?|pictures?)|\b(?:ausgenommen|außer|nicht) (?:\w+ ){0,3}?(?:bilder|fotos|abbildungen)|\b(?:hors|sauf|à l['’]exception des) (?:photo\w*|images?|illustrations?)|\b(?:excepto|salvo) (?:las )?(?:fotos|imágenes|fotografías)|\bz wyłączeniem (?:zdjęć|fotografii|ilustracji)|\b(?:кроме|за исключением) (?:фото\w*|изображени\w+|иллюстраци\w+)"),
    ("images_only_with_story", 0.9, r"\b(?:photo\w*|images?|pictures?|illustrations?|graphics?)\b[^.\n]{0,60}\bonly\b[^.\n]{0,50}\b(?:with|alongside|in connection|conjunction|as part of|accompany\w*)\b|\b(?:photo\w*|images?)\b[^.\n]{0,40}\b(?:separate(?:ly)? from|apart from|without) (?:the|this) (?:story|article)"),
    ("images_ok_with_credit", 0.9, r"\b(?:may|can|free to|welcome to|allowed)\b(?! not)[^.\n]{0,60}\b(?:photo\w*|images?|pictures?|graphics?)\b[^.\n]{0,60}\b(?:credit\w*|attribut\w+)|\b(?:photo\w*|images?|pictures?) (?:may|can) be (?:\w+ ){0,3}?(?:used|republished|reproduced)\b[^.\n]{0,50}\bcredit\w*"),
    ("images_only_where_marked", 0.9, r"\b(?:photo\w*|images?|pictures?)\b[^.\n]{0,60}\b(?:marked|labell?ed|indicated|identified|specif\w+|credited to|noted)\b[^.\n]{0,60}\b(?:only|may|can|available|free|republish\w*)|\bonly\b[^.\n]{0,30}\b(?:photo\w*|images?)\b[^.\n]{0,40}\b(?:marked|labell?ed|credited to|indicated)"),
    # commerce
    ("noncommercial", 0.9, r"\bnon[- ‑]?commercial\w*|\bnot[- ]for[- ]profit (?:use|purposes?|basis)|\bnon-?profit (?:use|purposes?)|\bno commercial (?:use|purposes?)|\bnot\b[^.\n]{0,40}\bfor commercial (?:use|purposes?|gain)|\bnicht-? ?kommerziell\w*|\bfins? non commerciales?|\b(?:usage|utilisation) non commercia\w+|\b(?:fines|uso) no comercial\w*|\bsin (?:ánimo|fines) de lucro|\b(?:cel\w+|użyt\w+) niekomercyjn\w+|\bнекоммерческ\w+|\bniet-commerci\w+|\bnon a scopo di lucro"),
    ("no_resale", 0.9, r"\b(?:may|must|can|do|shall)(?: ?not|n['’]t)\b[^.\n]{0,30}\b(?:sell|resell|sold|re-?sold|syndicat\w+)\b|\bcan(?:['’]t|not) (?:be )?(?:re-?)?s(?:ell|old)\b|\bno (?:resale|selling)\b|\bnot for (?:re)?sale\b|\b(?:sell|resell|resale|syndicat)\w*\b[^.\n]{0,40}\b(?:prohibited|not (?:allowed|permitted)|forbidden)|\bweiterverkauf\w*[^.\n]{0,30}(?:untersagt|nicht|verboten)|\bnie (?:wolno|można) (?:\w+ )?sprzeda\w+|\bперепродаж\w+[^.\n]{0,20}запре\w+"),
    ("ads_ok", 0.9, r"\b(?:may|can|ok|okay|fine|allowed|free)\b(?! not)[^.\n]{0,60}\b(?:ads?|advert\w+)\b(?! (?:against|specifically|sold))|\b(?:on|with) (?:web ?sites?|pages?) (?:with|that (?:have|carry|contain|run)) (?:ads?|advert\w+)|\bpages? with ads\b"),
    ("no_ads_sold_against", 0.9, r"\b(?:not|n['’]t|no)\b[^.\n]{0,40}\b(?:sell|sold|place|run)\b[^.\n]{0,20}\b(?:ads?|advert\w+)\b[^.\n]{0,30}\b(?:against|specifically|around|next to|on (?:our|this|these))|\bads? sold against\b|\bads? against (?:our|this|the) (?:stor|article|content|work)\w*"),
    ("commercial_ask", 0.85, r"(?<!non-)(?<!non )\bcommercial (?:use|re-?use|sites?|publications?|purposes?|internet sites?|reproduction|republication)\b[^.\n]{0,100}\b(?:contact|permission|ask|request|licen[cs]e|consent|e-?mail|write)\b|\b(?:contact|permission|ask|e-?mail|consent|write)\b[^.\n]{0,80}(?<!non-)(?<!non )\bcommercial\b|\b(?:kommerzielle|gewerbliche) (?:nutzung|verwendung)\b[^.\n]{0,60}\b(?:genehmigung|anfrage|zustimmung|kontakt)\w*"),
    ("commercial_ok", 0.85, r"\b(?:including|also|even|both)\b[^.\n]{0,30}(?<!non-)(?<!non )\bcommercial(?:ly)?\b(?! without)|\bcommercial (?:use|re-?use|republication) (?:is|are) (?:\w+ )?(?:allowed|permitted|ok|welcome)|\bfor any purpose, (?:even|including) commercial"),
    ("no_paywall", 0.9, r"\b(?:not|n['’]t|no|never|without)\b[^.\n]{0,50}\b(?:behind|paywall\w*|subscri\w+-only|pay[- ]?per)\b|\bfree (?:of charge )?to (?:all )?readers\b|\bno paywalls?\b"),
    ("paywall_ok", 0.9, r"\b(?:may|can|ok|fine|allowed)\b(?! not)[^.\n]{0,50}\b(?:behind (?:a |your )?paywall|paywalled)\b"),
    ("fee", 0.9, r"\b(?:licen[cs]ing |reprint |republication |small |modest )?fees? (?:of|is|are|appl\w+|may|for|will|required|depend\w*)\b|\b(?:for a|subject to a|pay a|against a) (?:\w+ )?fee\b|\b(?:pay|payment|charge[sd]?)\b[^.\n]{0,30}\b(?:republi|re-?print|reus|use|licen[cs])\w*|\bhonorar\w*|\bgegen (?:ein )?entgelt|\bkostenpflichtig|\bmoyennant\b|\bpago de\b|\bodpłatn\w+|\bплатн\w+"),
    # control
    ("prior_permission", 0.85, r"\b(?:prior|advance|express|explicit|written) (?:\w+ ){0,2}?(?:permission|consent|approval|authori[sz]ation)|\b(?:permission|consent) (?:is |must be )?(?:required|obtained|needed)|\bask (?:us )?(?:first|for permission)|\b(?:vorherige\w*|schriftliche\w*|ausdrückliche\w*) (?:\w+ ){0,2}?(?:genehmigung|zustimmung|einwilligung|erlaubnis)|\bautorisation (?:préalable|écrite|expresse)|\bautorización (?:previa|expresa|escrita|por escrito)|\b(?:uprzedni\w+|pisemn\w+) (?:\w+ ){0,2}?zgod\w+|\b(?:письменн|предварительн)\w+ (?:\w+ ){0,2}?(?:разрешени|согласи)\w+"),
    ("notify", 0.9, r"\b(?:let us know|notify (?:us|the)|inform us|tell us|drop us (?:a|an)|send (?:us )?(?:a |an |the )?(?:link|copy|email|note|url)|e-?mail us (?:when|if|a link|to let)|we(?:['’]d| would) (?:love|like|appreciate)[^.\n]{0,30}\b(?:know|hear))|\bnous (?:prévenir|informer|avertir)|\b(?:informieren sie uns|geben sie uns bescheid|belegexemplar|bitten? um (?:eine )?(?:kurze )?(?:nachricht|mitteilung|info\w*))|\bavís[ea]\w*nos|\binfórmenos|\bpoinformowani\w+|\bprosimy o (?:informacj|powiadomieni)\w+|\bсообщит\w* нам|\bуведом\w+"),
    ("third_party_excluded", 0.9, r"\b(?:does not apply|do not apply|not (?:include|cover|extend)|except\w*|exclud\w+|unless|cannot|can't|may not|other than|not)\b[^.\n]{0,90}\b(?:third[- ]part\w+|other (?:organi[sz]ations|publishers|publications|sources|outlets|authors|news (?:outlets|organi[sz]ations))|wire services?|associated press|not (?:produced|owned|written) by|republished from|syndicated)\b|\b(?:third[- ]part\w+|wire services?|partner) (?:content|material|stories|articles|works?)\b[^.\n]{0,60}\b(?:not|exclud\w+|may not|cannot|their own|separate)|\binhalte dritter\b|\bcontenus? (?:de )?tiers\b"),
    ("licensee_class", 0.85, r"\b(?:only|available to|open to|for|by) (?:\w+ ){0,3}?(?:non-?profits?|not-for-profits?|non-?commercial|community|local|educational|academic|independent|member|partner|indigenous) (?:\w+ ){0,2}?(?:news(?:papers?|rooms?| organi[sz]ations?| outlets?)|media|organi[sz]ations?|outlets?|institutions?|publications?|publishers?|broadcasters?|schools?)\b"),
    ("revocable", 0.9, r"\b(?:reserve|retain)s? the right to (?:\w+ ){0,4}?(?:revoke|withdraw|rescind|ask|request|require|deny|refuse|remove|terminate)|\b(?:revoke|withdraw|rescind)\w*\b[^.\n]{0,40}\b(?:permission|licen[cs]e|right|consent|any time)|\b(?:remove|take down|take it down|taken down|delete)\b[^.\n]{0,50}\b(?:request|ask|asked|notice)|\bat any time\b[^.\n]{0,30}\b(?:revok|withdr|remov)\w*|\bwiderruf\w*|\bjederzeit (?:\w+ )?(?:zurück|widerr)\w*|\brévo(?:cable|quer)\w*|\bodwoła\w+|\bcofnąć\b|\bотозвать\b"),
    ("contact", 0.8, r"\b(?:contact|e-?mail|write to|questions\?)\b[^.\n]{0,60}[\w.+-]+@[\w-]+\.\w+|\b(?:kontakt|contacter|contactez|contacto|contattare|обращайтесь|пишите)\b[^\n]{0,60}@"),
    ("share_alike", 0.9, r"\bshare-?\s?alike\b|\b(?:same|identical|similar|compatible) (?:\w+ )?licen[cs]e\b|\bgleichen bedingungen\b|\bmêmes conditions\b|\bmisma licencia\b|\bna tych samych warunkach\b|\bна тех же условиях\b"),
    ("licence_notice", 0.9, r"\b(?:includ\w+|link\w*|display\w*|refer\w*|mention\w*|state|note|keep|retain|add|cite)\b[^.\n]{0,50}\b(?:licen[cs]e|creative commons|cc (?:by|logo|licen[cs]e))\b|\blicen[cs]e (?:notice|statement|terms) (?:must|should)|\bhinweis auf die lizenz|\bmention de la licence"),
    ("no_bulk", 0.9, r"\b(?:wholesale|en masse|in bulk|bulk|automatic\w*|systematic\w*|scrap\w+|crawl\w+|entire (?:archive|site|catalog\w*))\b[^.\n]{0,80}|\b(?:only|select) (?:\w+ )?(?:individual|specific|single|select\w*) (?:stories|articles)"),
    ("update_corrections", 0.9, r"\b(?:corrections?|corrected|updates?|clarifications?)\b[^.\n]{0,60}\b(?:must|should|make|reflect|append|publish|post|include|also|add|required|request)\b|\b(?:must|should|agree to|please)\b[^.\n]{0,50}\b(?:update|correct|append)\b[^.\n]{0,50}\b(?:correct\w*|story|article|version|updated?)"),
    ("time_window", 0.85, r"\b(?:within|after|for (?:up to )?|no (?:sooner|earlier|later) than|embargo\w*|at least|until)\b ?(?:\w+ ){0,2}?(?:\d+|one|two|three|seven|thirty|24|48|72) (?:hours?|days?|weeks?|months?|years?)\b(?: (?:of|after|following|from|before))?|\bnach (?:ablauf von )?\d+ (?:stunden|tagen|wochen)|\b\d+ (?:heures|jours|semaines) après|\b\d+ (?:horas|días) después|\bpo (?:upływie )?\d+ (?:godzin\w*|dni\w*)|\bчерез \d+ (?:час|дн|ден)\w*"),
    ("no_framing", 0.9, r"\b(?:not|no|n['’]t|without)\b[^.\n]{0,30}\b(?:i-?fram\w+|framing|framed|hot-?link\w*|deep[- ]link\w*)\b"),
    ("no_sublicensing", 0.95, r"\b(?:not|no|non)\b[^.\n]{0,30}\bsub-?licen[cs]\w+|\bnon-?transferable\b|\bnicht (?:übertragbar|unterlizenzier\w+)"),
    # AI
    ("ai_training_prohibited", 0.9, r"\b(?:not|no|n['’]t|prohibit\w*|forbid\w*|forbidden|without|exclud\w+|opt(?:s|ed)? out|reserv\w+)\b[^.\n]{0,140}\b(?:train\w*|text and data mining|tdm|machine[- ]learning)\b|\b(?:train\w*|text and data mining|machine[- ]learning)\b[^.\n]{0,120}\b(?:prohibited|forbidden|not (?:permitted|allowed)|reserved)|\b(?:training|text[- ]und[- ]data[- ]mining)\b[^.\n]{0,100}\b(?:untersagt|verboten|vorbehalten|nicht)|\bentraîn\w+[^.\n]{0,100}\binterdit\w*|\binterdit\w*[^.\n]{0,100}\bentraîn\w+|\b(?:prohib\w+)[^.\n]{0,100}\bentren\w+|\b(?:zabron|zakaz|nie )\w*[^.\n]{0,100}\b(?:trenowa|uczeni)\w+|\bзапрещ\w+[^.\n]{0,100}\bобучени\w+"),
    ("ai_use_limited", 0.85, r"\b(?:ai|a\.i\.|artificial intelligence|llms?|chatbots?|generative)\b[^.\n]{0,100}\b(?:only|limit\w*|must|summar\w+|with attribution|up to|provided|restrict\w*)\b"),
)  # fmt: skip

CONDITIONS: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (code, sure, re.compile(pattern, re.I)) for code, sure, pattern in _ROWS
)
_LIMIT = re.compile(r"\d[\d.,]*(?: \w+)? ?\w+|\b(?:one|two|three|four|five|fifty|hundred) \w+", re.I)
_QUOTED = re.compile(r"[\"“«„]([^\"”»“]{4,300})[\"”»“]")
_DROPPED_BY = {
    # A stated exception is the finer reading of the same words.
    "headline_fixed": ("headline_may_change",),
    "ads_ok": ("no_ads_sold_against",),
    "print_ok": ("print_ask",),
    "paywall_ok": ("no_paywall",),
    "excerpt_ok": ("excerpt_forbidden",),
}


def conditions_in(text: str, offset: int) -> Iterator[ConditionReading]:
    """Every condition in one clause that begins at *offset* of the page's text, in the order of the table."""
    found: dict[str, ConditionReading] = {}
    for code, sure, pattern in CONDITIONS:
        if code in found:
            continue
        match = pattern.search(text)
        if match:
            evidence = Evidence(extractor="condition-patterns", confidence=sure,
                                start=offset + match.start(), end=offset + match.end())  # fmt: skip
            found[code] = ConditionReading(
                code=code, evidence=evidence, parameter=_parameter(code, text, match)
            )
    for code, stronger in _DROPPED_BY.items():
        if code in found and any(other in found for other in stronger):
            del found[code]
    yield from found.values()


def _parameter(code: str, text: str, match: re.Match[str]) -> str | None:
    if code == "exact_credit_line":
        quoted = _QUOTED.search(text, max(0, match.start() - 5))
        return quoted[1] if quoted else None
    if code in ("excerpt_limit", "circulation_cap", "time_window"):
        limit = _LIMIT.search(match[0])
        return limit[0] if limit else None
    return None
