/**
 * How models say that they cannot or will not look at a picture. Apostrophes are straight; each sentence is looked at by itself.
 */

const PICTURE = String.raw`(?:images?|pictures?|photos?|photographs?|screenshots?|attachments?|files?|visual (?:content|media|information|data|input)|visuals|the image content)`;
/** The answerer speaks: "I", "I'm currently", "I also". */
const I = String.raw`\bI(?:'m| am| was)?(?: (?:\w+ly|also|just|still))* `;
const CANNOT = String.raw`(?:can ?not|can't|cant|could(?: not|n't)|not able|unable|not capable|not equipped|not designed|(?:do not|don't) (?:\w+ly )?have (?:the |any )?(?:ability|capability|capabilities|means|way)|have no (?:ability|way|means)|lack the ability)`;
const LOOK = String.raw`(?:see|view|look(?:ing)? at|access|open|analy[sz]e|process|interpret|display|perceive|inspect|examine|read|receive|viewing|accessing|opening|analy[sz]ing|processing|interpreting|perceiving|seeing)`;
/** Words on the way from the verb to its object. Past a preposition or conjunction it is another object: "I can't see a cat in the picture". */
const WORDS = String.raw`(?:(?!(?:in|on|of|from|within|inside|that|because|but|if|whether|what|who)\b)[\w']+,? ){0,6}?`;
/** "I can't see the picture on the wall" is about the room, not about the answerer. */
const NOT_A_THING_IN_THE_PICTURE = String.raw`(?!['’]s|\s+(?:on|of|in|at|clearly|well|very|hanging|behind|above|below|next|being|because|(?:frame|name|album|caption|credit|title|number|size|viewer|id)s?)\b(?!\s+(?:this|our|the current|the)?\s*(?:chat|conversation|platform|session|context|message|environment|interface|time|moment)))`;

/** Nothing more follows than where it should have been: "attached to the board" is about the room again. */
const TO_THE_MESSAGE = String.raw`(?: (?:to|in|with|for|on) (?:this|our|your|the) (?:message|conversation|chat|prompt|request|question|query|post))?(?: (?:here|yet|so far|by you|for me to \w+|to (?:look at|analy[sz]e|describe|view)))*\s*(?:[.,;:!]|$|(?: so| and| but)\b)`;

/** Sentences that refuse, in the words of models. */
export const REFUSALS: readonly RegExp[] = [
  // "I'm unable to view or analyze images", "I cannot directly see the attached photo", "You mention a picture, but I can't see it"
  new RegExp(
    String.raw`${I}${CANNOT} ${WORDS}${LOOK}\b,? ${WORDS}(?:contents? of ${WORDS})?${PICTURE}\b${NOT_A_THING_IN_THE_PICTURE}`,
    "i",
  ),
  new RegExp(String.raw`${PICTURE}\b.*,? but ${I}${CANNOT} ${WORDS}${LOOK} (?:it|that|them|this)\b${NOT_A_THING_IN_THE_PICTURE}`, "i"),
  new RegExp(String.raw`${I}(?:do not|don't) (?:\w+ly )?have (?:direct )?access to ${WORDS}${PICTURE}\b${NOT_A_THING_IN_THE_PICTURE}`, "i"),
  new RegExp(String.raw`\b${LOOK} ${PICTURE} is (?:not something|something) I (?:can|cannot|can't|am)`, "i"),
  // "I don't have visual capabilities", "my capabilities are limited to text"
  /\bI (?:do not|don't|lack) (?:have )?(?:any )?(?:visual (?:capabilit|abilit|perception|input)|vision|eyes\b)/i,
  /\bmy (?:capabilities|abilities) are limited to text/i,
  // "Without seeing the image, I cannot …", "I would need to see the image"
  new RegExp(
    String.raw`\bwithout (?:seeing|viewing|having|access to|being able to (?:see|view)) (?:the|your|an|this|that) (?:actual )?${PICTURE}\b,? (?:I|it is|it's)\b`,
    "i",
  ),
  new RegExp(String.raw`\bI(?:'d| would|'ll| will)? need (?:to (?:see|view) |access to )?(?:the|your|an) (?:actual )?${PICTURE}\b`, "i"),
  // "You haven't provided an image", "It appears you forgot to attach the image"
  new RegExp(
    String.raw`\byou (?:forgot to|have not|haven't|did not|didn't|may have forgotten to) (?:attach|provide|upload|share|send|include)(?:d|ed)? (?:an?|the|any|your) ${PICTURE}\b`,
    "i",
  ),
  new RegExp(
    String.raw`\bthere (?:does not|doesn't) (?:seem|appear) to be (?:an|any) ${PICTURE}(?: (?:attached|provided|uploaded|shared|included))?${TO_THE_MESSAGE}`,
    "i",
  ),
  new RegExp(
    String.raw`\bthere (?:is|are|was) no ${PICTURE} (?:here )?(?:for me to|to) (?:look at|analy[sz]e|describe|view|see|process|work with)`,
    "i",
  ),
  // "I don't see any image attached"
  new RegExp(
    String.raw`\bI (?:do not|don't) (?:actually |currently )?(?:see|have|find) (?:any |an |the |a )?(?:attached |uploaded |provided )?${PICTURE}(?: (?:attached|uploaded|provided|shared|included))?${TO_THE_MESSAGE}`,
    "i",
  ),
  // "As a text-based AI, I …", "As an AI language model I don't …", "I am a text-only model"
  /\bas an? (?:purely |large )?(?:text|language)(?:-| )(?:based|only|model)/i,
  /\bas an? (?:AI|artificial intelligence)(?: (?:language )?(?:model|assistant|chatbot))?,? I\b[^.]{0,40}(?:not|n't|unable|lack)/i,
  /\bI(?: am|'m) (?:just |only )?an? (?:purely )?(?:text-(?:based|only)|large language model|language model)/i,
  /\bI(?: am|'m) (?:just |only )?an? (?:[\w-]+ ){0,3}(?:AI|model|assistant|chatbot)\b.{0,40}\b(?:cannot|can't|unable|not able|don't|do not)\b/i,
  // "No image was provided", "There is no image attached to this message", "The image did not upload correctly"
  new RegExp(
    String.raw`(?:\bthere (?:is|are|was|were) )?\b(?:no|any) ${PICTURE} (?:(?:was|were|is|are|has been|have been|seems? to (?:be|have been)|appears? to (?:be|have been)) )?(?:actually )?(?:attached|provided|uploaded|shared|included|received|given)${TO_THE_MESSAGE}`,
    "i",
  ),
  new RegExp(
    String.raw`\b(?:the|your|an) ${PICTURE} (?:you (?:have )?(?:sent|provided|uploaded|shared|attached) )?(?:(?:did|does|was|has|could|can)(?: ?not|n't)|failed to) (?:been )?(?:upload|attach|load|come through|provided|attached|uploaded|shared|included|be (?:loaded|displayed|processed))(?: (?:correctly|properly|successfully|fully|on my end))*${TO_THE_MESSAGE}`,
    "i",
  ),
  new RegExp(
    String.raw`^(?:please|could you(?: please)?|can you(?: please)?|kindly) (?:upload|provide|attach|share|send|re-?send|re-?upload|describe) (?:the|an|a|your|me|it|that)\b[^.]{0,30}${PICTURE}`,
    "i",
  ),
  // German, French, Spanish, Italian, Portuguese, Dutch
  /\b(?:ich kann|kann ich) (?:leider |derzeit )?(?:(?:keine|das|dieses|die|diese|ihr|dein)(?: [\wäöüß]+){0,4}? ?|(?=\S+ (?:\w+ )?nicht ))(?:bild|bilder|bilddateien|foto|fotos|dateien)\b[^.]{0,30}(?:sehen|ansehen|anzeigen|betrachten|analysieren|verarbeiten|öffnen|einsehen)/i,
  /\b(?:ich bin|bin ich) (?:leider )?nicht in der lage,? (?:\w+ )?(?:das |dieses |ihr |dein )?(?:bild|bilder|foto|fotos)/i,
  /\bals (?:textbasierte[rs]?|reines|KI|sprachmodell|(?:KI-)?sprachmodell|künstliche intelligenz)\b[^.]{0,60}(?:nicht|keine)/i,
  /\b(?:ich habe|habe ich) (?:leider )?keinen zugriff auf (?:das|dieses|ihr|dein|die) (?:bild|foto|datei)/i,
  /\bje n['’]ai pas accès (?:à|aux) ?(?:l['’]|cette |votre |la |ces |vos )?(?:images?|photos?)/i,
  /\bno tengo acceso a (?:la|las|esa|esta|tu|su) (?:im[áa]gen(?:es)?|fotos?)/i,
  /\bje (?:ne peux (?:malheureusement )?pas|ne suis pas (?:en mesure|capable) d(?:e |['’])|n['’]ai pas la (?:capacité|possibilité) d(?:e |['’]))\s*(?:\w+ement )?(?:voir|visualiser|afficher|analyser|regarder|consulter|ouvrir|accéder)(?: \S+){0,3} ?(?:images?|photos?|fichiers?)/i,
  /\ben tant qu(?:['’]|e )(?:ia|intelligence artificielle|assistant|(?:un )?modèle)\b[^.]{0,60}(?:ne|pas)\b/i,
  /\bno (?:puedo|tengo la capacidad de|soy capaz de|me es posible) (?:\w+mente )?(?:ver|visualizar|analizar|acceder|abrir|mostrar|procesar)(?: \S+){0,3} ?(?:im[áa]gen(?:es)?|fotos?|fotograf[íi]as?|archivos?)/i,
  /\bcomo (?:(?:un )?modelo de (?:lenguaje|linguagem)|(?:una )?(?:IA|inteligencia artificial|inteligência artificial))\b[^.]{0,60}(?:no|não)\b/i,
  /\bnon (?:posso|riesco a|sono in grado di) (?:vedere|visualizzare|analizzare|aprire|accedere)(?: \S+){0,3} ?(?:immagin[ei]|foto|file)/i,
  /\bnão (?:consigo|posso|sou capaz de) (?:ver|visualizar|analisar|abrir|acessar)(?: \S+){0,3} ?(?:imagens|imagem|fotos?|arquivos?)/i,
  /\bik kan (?:helaas )?(?:geen|de|deze|het|uw|je) ?(?:afbeelding(?:en)?|foto['’]?s?|plaatjes?|beelden?)\b[^.]{0,20}(?:zien|bekijken|weergeven|analyseren|openen)/i,
  // Chinese, Japanese, Korean
  /(?:我|作为)[^。]{0,20}(?:无法|不能|没有办法|看不到|无法直接)[^。]{0,8}(?:查看|看到|看见|访问|分析|识别|处理)?[^。]{0,6}(?:图片|图像|照片|圖片|圖像)(?![中里上內内裡])/,
  /(?:画像|写真|イメージ)を?(?:直接)?(?:見|表示|確認|分析|閲覧|認識)[^。]{0,10}(?:できません|ことはできない|ことができません)/,
  /(?:이미지|사진)(?:를|을)? ?(?:직접 )?(?:볼|보거나|확인할|분석할)[^.]{0,12}(?:수 ?없|못)/,
];

/** "I'm sorry, but I can't help with that.": whole answers of nothing but politeness and refusal. */
export const BARE_REFUSALS: readonly RegExp[] = [
  /^(?:(?:i'm|i am) (?:very |really )?sorry,? ?(?:but )?|sorry,? ?(?:but )?|unfortunately,? )?(?:i )?(?:can't|cannot|can not|won't|am unable to|am not able to|'m unable to|'m not able to) (?:help|assist|comply|fulfill?|do|provide|continue|answer|process)\b.{0,80}$/i,
  /^(?:lo siento|je suis désolé|désolé|es tut mir leid|mi dispiace|desculpe)[^.]{0,10}\b(?:no puedo|je ne peux pas|ich kann|non posso|não posso)\b[^.]{0,30}\b(?:ayudar|asistir|aider|helfen|aiutar\w*|ajudar)\b.{0,30}$/i,
];

/** What may stand before the refusal: greetings and apologies, and what the model says of itself. */
export const PLEASANTRY =
  /^(?:hi|hello|hey|thank|thanks|sorry|i'm sorry|i am sorry|i apologi[sz]e|my apologies|apologies|unfortunately|sure|certainly|of course|okay|ok|great|i understand|i see that|i regret|i(?:'m| am) (?:unable|not able|currently|afraid)|i (?:can't|cannot|currently|was|could)|my (?:capabilities|abilities)|i'd (?:be|love)|i would|it (?:seems|appears|looks)|however|but|note|as an?|i'm an?|i am an?|entschuldigung|leider|es tut mir|tut mir|danke|désolé|je suis désolé|merci|lo siento|gracias|disculp|mi dispiace|desculpe|sinto muito|het spijt|helaas|lamentablemente|desafortunadamente|malheureusement|purtroppo|infelizmente|抱歉|对不起|很抱歉|申し訳|죄송)/i;
