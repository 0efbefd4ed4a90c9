/**
 * Tells an answer that is none ("I can't view images") from a description in which such words occur. What gives a non-answer away is that
 * it speaks of the answerer, about pictures as such, at the start, and outside quotation marks.
 */

const PICTURE = String.raw`(?:images?|pictures?|photos?|photographs?|screenshots?|attachments?|files?|visual (?:content|media|information|data|input)|visuals|the image content)`;
const CANNOT = String.raw`(?:can ?not|can't|cant|could(?: not|n't)|am (?:not able|unable|not capable|not equipped|not designed)|'m (?:not able|unable|not capable|not equipped|not designed)|(?:do not|don't) (?:currently )?have (?:the |any )?(?:ability|capability|capabilities|means|access|way)|have no (?:ability|way|means|access)|lack the ability)`;
const LOOK = String.raw`(?:see|view|viewing|look at|access|accessing|open|opening|analy[sz]e|analy[sz]ing|process|processing|interpret|interpreting|display|perceive|perceiving|inspect|examine|read|reading|receive|visually)`;
/** "I can't see the picture on the wall" is about the room, not about the answerer. */
const NOT_A_THING_IN_THE_PICTURE = String.raw`(?!['’]s|\s+(?:on|of|in|at|clearly|well|very|hanging|behind|above|below|next|being|because|frames?)\b(?!\s+(?:this|our|the current|the)?\s*(?:chat|conversation|platform|session|context|message|environment|interface)))`;

const REFUSALS: readonly RegExp[] = [
  // "I'm unable to view or analyze images", "I cannot directly see the attached photo"
  new RegExp(String.raw`\bI\s?${CANNOT} (?:(?:to|of|for) )?(?:\w+ly )*${LOOK}(?:(?:,| or| and|,? and|, or)\s+(?:\w+ly )*\w+){0,3} (?:(?:the|this|that|these|those|any|an|a|your|actual|specific|such|attached|uploaded|provided|shared|external|real) )*${PICTURE}\b${NOT_A_THING_IN_THE_PICTURE}`, "i"),
  // "I can't help with / identify …" only when nothing else follows is judged below; "I don't have access to the image"
  new RegExp(String.raw`\bI (?:do not|don't) (?:actually |currently )?(?:see|have|find) (?:any |an |the |a )?(?:attached |uploaded |provided )?${PICTURE}(?: (?:attached|uploaded|provided|shared|included|here|in (?:this|our|your) (?:chat|conversation|message)|to (?:look at|analy[sz]e|describe|view)))*\s*[.,!]`, "i"),
  // "As a text-based AI, I …", "As an AI language model I don't …", "I am a text-only model"
  /\bas an? (?:purely |large )?(?:text|language)(?:-| )(?:based|only|model)/i,
  /\bas an? (?:AI|artificial intelligence)(?: (?:language )?(?:model|assistant|chatbot))?,? I\b[^.]{0,40}(?:not|n't|unable|lack)/i,
  /\bI(?: am|'m) (?:just |only )?an? (?:purely )?(?:text-(?:based|only)|large language model|language model)/i,
  // "No image was provided", "It seems the image did not upload"
  new RegExp(String.raw`\b(?:no|any) ${PICTURE} (?:(?:was|were|is|are|has been|have been|seems? to (?:be|have been)|appears? to (?:be|have been)) )?(?:actually )?(?:attached|provided|uploaded|shared|included|received|given)`, "i"),
  new RegExp(String.raw`\b(?:the|your|an) ${PICTURE} (?:(?:did|does|was|has|could)(?: not|n't)|failed to|didn't) (?:been )?(?:upload|attach|load|come through|provided|attached|uploaded|shared|included|be (?:loaded|displayed|processed))`, "i"),
  new RegExp(String.raw`^(?:please|could you(?: please)?|can you(?: please)?|kindly) (?:upload|provide|attach|share|send|re-?send|re-?upload|describe) (?:the|an|a|your|me|it|that)\b[^.]{0,30}${PICTURE}`, "i"),
  // German, French, Spanish, Italian, Portuguese, Dutch
  /\bich kann (?:leider )?(?:(?:keine|das|dieses|die|ihr|dein) ?\w* ?(?:bild|bilder|bilddateien|foto|fotos|dateien)\b[^.]{0,20}(?:nicht )?(?:sehen|ansehen|anzeigen|betrachten|analysieren|verarbeiten|öffnen|einsehen))/i,
  /\bich bin nicht in der lage,? (?:\w+ )?(?:das |dieses |ihr |dein )?(?:bild|bilder|foto|fotos)/i,
  /\bals (?:textbasierte[rs]?|reines|KI|sprachmodell|(?:KI-)?sprachmodell|künstliche intelligenz)\b[^.]{0,60}(?:nicht|keine)/i,
  /\bje (?:ne peux (?:malheureusement )?pas|ne suis pas (?:en mesure|capable) d(?:e |['’])|n['’]ai pas la (?:capacité|possibilité) d(?:e |['’]))\s*(?:\w+ement )?(?:voir|visualiser|afficher|analyser|regarder|consulter|ouvrir|accéder)(?: \S+){0,3} ?(?:images?|photos?|fichiers?)/i,
  /\ben tant qu['’](?:ia|intelligence artificielle|assistant|un modèle de langage|modèle de langage)\b[^.]{0,60}(?:ne|pas)\b/i,
  /\bno (?:puedo|tengo la capacidad de|soy capaz de|me es posible) (?:\w+mente )?(?:ver|visualizar|analizar|acceder|abrir|mostrar|procesar)(?: \S+){0,3} ?(?:im[áa]gen(?:es)?|fotos?|fotograf[íi]as?|archivos?)/i,
  /\bcomo (?:(?:un )?modelo de (?:lenguaje|linguagem)|(?:una )?(?:IA|inteligencia artificial|inteligência artificial))\b[^.]{0,60}(?:no|não)\b/i,
  /\bnon (?:posso|riesco a|sono in grado di) (?:vedere|visualizzare|analizzare|aprire|accedere)(?: \S+){0,3} ?(?:immagin[ei]|foto|file)/i,
  /\bnão (?:consigo|posso|sou capaz de) (?:ver|visualizar|analisar|abrir|acessar)(?: \S+){0,3} ?(?:imagens|imagem|fotos?|arquivos?)/i,
  /\bik kan (?:helaas )?(?:geen|de|deze|het|uw|je) ?(?:afbeelding(?:en)?|foto['’]?s?|plaatjes?|beelden?)\b[^.]{0,20}(?:zien|bekijken|weergeven|analyseren|openen)/i,
  // Chinese, Japanese, Korean
  /(?:我|作为)[^。]{0,20}(?:无法|不能|没有办法|看不到|无法直接)[^。]{0,8}(?:查看|看到|看见|访问|分析|识别|处理)?[^。]{0,6}(?:图片|图像|照片|圖片|圖像)/,
  /(?:画像|写真|イメージ)を?(?:直接)?(?:見|表示|確認|分析|閲覧|認識)[^。]{0,10}(?:できません|ことはできない|ことができません)/,
  /(?:이미지|사진)(?:를|을)? ?(?:직접 )?(?:볼|보거나|확인할|분석할)[^.]{0,12}(?:수 ?없|못)/,
];

/** "I'm sorry, but I can't help with that." Nothing but politeness and refusal. */
const BARE_REFUSAL =
  /^(?:(?:i'm|i am) (?:very |really )?sorry,? ?(?:but )?|sorry,? ?(?:but )?|unfortunately,? )?(?:i )?(?:can't|cannot|can not|won't|am unable to|am not able to|'m unable to|'m not able to) (?:help|assist|comply|fulfill?|do|provide|continue|answer|process)\b.{0,80}$/i;

/** What may stand before the refusal: greetings and apologies, and what the model says of itself. */
const PLEASANTRY = /^(?:hi|hello|hey|thank|thanks|sorry|i'm sorry|i am sorry|i apologi[sz]e|my apologies|apologies|unfortunately|sure|certainly|of course|okay|ok|great|i understand|i see that|i'd (?:be|love)|i would|it (?:seems|appears|looks)|however|but|note|as an?|i'm an?|i am an?|entschuldigung|leider|es tut mir|tut mir|danke|désolé|je suis désolé|merci|lo siento|gracias|disculp|mi dispiace|desculpe|sinto muito|het spijt|helaas|抱歉|对不起|很抱歉|申し訳|죄송)/i;

/** How many sentences from the start are looked at. */
const SENTENCES = 3;

/** True when the text says that its author cannot or will not look at the picture, in place of an answer. */
export function isNonAnswer(text: string): boolean {
  const words = withoutQuotations(text.replaceAll(/[’‘ʼ]/g, "'").replaceAll(/[*_#>`]+/g, " ").replaceAll(/\s+/g, " ").trim());
  if (words.length < 120 && BARE_REFUSAL.test(words)) return true;
  for (const sentence of words.split(/(?<=[.!?])\s+|(?<=[。！？])/).slice(0, SENTENCES)) {
    const part = sentence.trim();
    if (part === "") continue;
    const refused = REFUSALS.some((refusal) => {
      const found = refusal.exec(part);
      // "The note on the fridge reads I cannot see pictures": someone else speaks. Only politeness may come first.
      return found !== null && (found.index === 0 || PLEASANTRY.test(part));
    });
    if (refused) return true;
    if (!PLEASANTRY.test(part)) return false;
  }
  return false;
}

/** What stands in quotation marks is read from the picture. Single quotes count only where they cannot be apostrophes. */
function withoutQuotations(text: string): string {
  return text.replaceAll(/"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|(?<=^|[\s(:])'[^']*(?:'\w[^']*)*'(?=$|[\s).,!?;:])/g, " … ");
}
