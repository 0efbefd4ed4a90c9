/**
 * The words a visual query may use, in English, and what the machine's own eyes can make of each. Data alone; `parse-visual-query.ts` reads sentences
 * with it. A word that stands nowhere here is not judged, and said to be.
 */

/** What a word asks that needs more than a detector and colours. */
export type Unjudgeable =
  | "gender"
  | "age"
  | "hair"
  | "face"
  | "role"
  | "accessory"
  | "garment kind"
  | "pattern kind"
  | "sleeve length"
  | "action"
  | "another thing"
  | "other";

/** A word for a kind of thing: the COCO classes it may be detected as, and what it says beyond them. */
export interface Noun {
  readonly labels: readonly string[];
  readonly asks?: Unjudgeable;
}

const PERSON = ["person"];
const VEHICLES = ["car", "truck", "bus", "motorcycle"];
const ANIMALS = ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"];

/** The 80 classes of COCO but "person"; a query may name each by its own name. */
export const CLASSES: readonly string[] = (
  "bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra," +
  "giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle," +
  "wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv," +
  "laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush"
).split(",");

function nouns(words: string, labels: readonly string[], asks?: Unjudgeable): [string, Noun][] {
  return words.split(",").map((word) => [word, asks === undefined ? { labels } : { labels, asks }]);
}

/** By the words as they are written in lower case, singular and plural; up to three words. */
export const NOUNS: ReadonlyMap<string, Noun> = new Map([
  ...CLASSES.flatMap((label) => nouns([label, ...plurals(label)].join(), [label])),
  ...nouns(
    "person,persons,people,someone,somebody,anyone,anybody,everyone,everybody,human,humans,human being,human beings,individual,individuals",
    PERSON,
  ),
  ...nouns(
    "man,men,guy,guys,gentleman,gentlemen,male,males,bloke,blokes,chap,chaps,fella,fellas,fellow,fellows,dude,dudes,lad,lads,father,dad,son,brother,grandfather,grandpa,boyfriend,husband",
    PERSON,
    "gender",
  ),
  ...nouns(
    "woman,women,lady,ladies,female,females,gal,gals,lass,mother,mum,mom,daughter,sister,grandmother,grandma,girlfriend,wife",
    PERSON,
    "gender",
  ),
  ...nouns(
    "boy,boys,girl,girls,child,children,kid,kids,baby,babies,infant,infants,toddler,toddlers,teenager,teenagers,teen,teens,youth,adult,adults,pensioner,pensioners",
    PERSON,
    "age",
  ),
  ...nouns(
    "pedestrian,pedestrians,driver,drivers,cyclist,cyclists,rider,riders,passenger,passengers,worker,workers,player,players,customer,customers,visitor,visitors," +
      "stranger,strangers,intruder,intruders,officer,officers,policeman,policewoman,waiter,waitress,doctor,nurse,astronaut,astronauts,bride,groom,soldier,soldiers,biker,bikers," +
      "motorcyclist,motorcyclists,skier,skiers,surfer,surfers,skateboarder,skateboarders,runner,runners,jogger,joggers,hiker,hikers,tourist,tourists,shopper,shoppers," +
      "guest,guests,burglar,burglars,thief,thieves,guard,guards,courier,couriers,student,students,teacher,teachers,employee,employees,cook,chef,farmer,farmers,athlete,athletes," +
      "suspect,suspects,victim,victims,owner,owners,neighbour,neighbours,neighbor,neighbors,friend,friends,fireman,firemen,firefighter,firefighters,paramedic,paramedics,cleaner,cleaners," +
      "postman,postmen,mailman,mailmen,businessman,businessmen,businesswoman,businesswomen,policemen,policewomen,cop,cops,cashier,cashiers,builder,builders,workman,workmen,staff," +
      "singer,singers,dancer,dancers,speaker,speakers,presenter,presenters,swimmer,swimmers,climber,climbers,golfer,golfers,footballer,footballers,cowboy,cowboys,priest,nun,monk,model,models," +
      "walker,walkers,spectator,spectators,crowd,crowds,family,families,couple",
    PERSON,
    "role",
  ),
  ...nouns("bike,bikes,pushbike,push bike,cycle,cycles", ["bicycle"]),
  ...nouns("automobile,automobiles", ["car"]),
  ...nouns(
    "taxi,taxis,cab,cabs,van,vans,minivan,minivans,suv,suvs,jeep,jeeps,pickup,pickups,pickup truck,pickup trucks,ambulance,ambulances,police car,police cars",
    ["car", "truck"],
    "other",
  ),
  ...nouns("sedan,sedans,hatchback,hatchbacks,limousine,limousines,convertible,convertibles", ["car"], "other"),
  ...nouns("fire truck,fire trucks,fire engine,fire engines", ["truck"], "other"),
  ...nouns("minibus,minibuses,coach,coaches", ["bus"], "other"),
  ...nouns("tram,trams,locomotive,locomotives", ["train"], "other"),
  ...nouns("jet,jets,airliner,airliners", ["airplane"], "other"),
  ...nouns("motorbike,motorbikes,motor bike,motor bikes,motor cycle,motor cycles,moped,mopeds,scooter,scooters", ["motorcycle"]),
  ...nouns("plane,planes,aeroplane,aeroplanes,aircraft", ["airplane"]),
  ...nouns("lorry,lorries", ["truck"]),
  ...nouns("ship,ships,sailboat,sailboats", ["boat"]),
  ...nouns("yacht,yachts,canoe,canoes,kayak,kayaks,ferry,ferries", ["boat"], "other"),
  ...nouns("vehicle,vehicles", VEHICLES),
  ...nouns("traffic signal,traffic signals", ["traffic light"]),
  ...nouns("hydrant,hydrants", ["fire hydrant"]),
  ...nouns("animal,animals", ANIMALS),
  ...nouns("pet,pets", ["cat", "dog", "bird"]),
  ...nouns("puppy,puppies", ["dog"], "age"),
  ...nouns("kitten,kittens", ["cat"], "age"),
  ...nouns("lamb,lambs", ["sheep"], "age"),
  ...nouns("pony,ponies", ["horse"], "other"),
  ...nouns("foal,foals", ["horse"], "age"),
  ...nouns("cattle", ["cow"]),
  ...nouns("bull,bulls", ["cow"], "gender"),
  ...nouns("calf,calves", ["cow"], "age"),
  ...nouns(
    "duck,ducks,goose,geese,swan,swans,chicken,chickens,pigeon,pigeons,seagull,seagulls,parrot,parrots,owl,owls,eagle,eagles",
    ["bird"],
    "other",
  ),
  ...nouns("poodle,poodles,labrador,labradors,bulldog,bulldogs,terrier,terriers,german shepherd,german shepherds", ["dog"], "other"),
  ...nouns("rucksack,rucksacks", ["backpack"]),
  ...nouns("purse,purses", ["handbag"]),
  ...nouns("bag,bags", ["handbag", "backpack", "suitcase"]),
  ...nouns("luggage,baggage", ["suitcase", "backpack", "handbag"]),
  ...nouns("necktie,neckties", ["tie"]),
  ...nouns("ball,balls,football,footballs", ["sports ball"]),
  ...nouns("racket,rackets,racquet,racquets", ["tennis racket"]),
  ...nouns("glass,wineglass,wineglasses", ["wine glass", "cup"]),
  ...nouns("mug,mugs", ["cup"]),
  ...nouns("doughnut,doughnuts,donuts", ["donut"]),
  ...nouns("fruit,fruits", ["banana", "apple", "orange"]),
  ...nouns("sofa,sofas", ["couch"]),
  ...nouns("plant,plants,houseplant,houseplants", ["potted plant"]),
  ...nouns("table,tables,desk,desks", ["dining table"]),
  ...nouns("television,televisions,telly,tv set,tv screen", ["tv"]),
  ...nouns("monitor,monitors", ["tv"]),
  ...nouns("computer,computers", ["laptop", "tv"]),
  ...nouns("notebook,notebooks", ["laptop", "book"]),
  ...nouns("phone,phones,mobile phone,mobile phones,smartphone,smartphones,cellphone,cellphones", ["cell phone"]),
  ...nouns("remote control,remote controls", ["remote"]),
  ...nouns("fridge,fridges", ["refrigerator"]),
  ...nouns("hair dryer,hairdryer", ["hair drier"]),
  ...nouns("teddy,teddies", ["teddy bear"]),
]);

function plurals(label: string): string[] {
  if (/(?:skis|scissors|sheep|broccoli)$/.test(label)) return [];
  if (label.endsWith("mouse")) return [label.replace(/mouse$/, "mice")];
  if (label.endsWith("knife")) return [label.replace(/knife$/, "knives")];
  return [/(?:s|sh|ch|x)$/.test(label) ? `${label}es` : `${label}s`];
}

/** What carries text and is no class of its own: found by its words alone. */
export const TEXT_CARRIERS: ReadonlySet<string> = new Set(
  (
    "sign,signs,label,labels,button,buttons,text,word,words,line,lines,heading,headline,title,caption,poster,banner,billboard,sticker,note,plate,license plate,licence plate," +
    "number plate,number,price,total,sentence,logo,tag,menu,letters,writing"
  ).split(","),
);

/** Words that begin what a text says. */
export const SAYING: readonly string[] = (
  "does it say,that it says,it says,that says,which says,that reads,which reads,that say,that read,with the text,with the word,with the words,with the number,with the label,with the title,with the inscription," +
  "saying,reading,says,reads,labelled,labeled,marked,titled,entitled,named,called"
).split(",");

/** What signs and buttons that are called by it have printed on them. */
export const PRINTED: readonly string[] = (
  "emergency exit,fire exit,exit,way out,entrance,no entry,no parking,no smoking,for sale,for rent,to let,open,closed,push,pull,toilets,toilet,restrooms,restroom,wc,parking,danger,warning," +
  "caution,sale,submit,cancel,ok,save,log in,login,log out,logout,sign in,sign up,next,send,continue,apply,delete,edit,add to cart,buy now,checkout,download,upload"
).split(",");

/** Where a garment is worn; "outfit" is all of it, "any" one of them whichever it is. */
export type WornPart = "upper" | "lower" | "feet" | "outfit" | "any";

export interface GarmentNoun {
  readonly part: WornPart;
  /** True for words that say no more than the part. */
  readonly general: boolean;
}

function garments(part: WornPart, general: string, kinds: string): [string, GarmentNoun][] {
  return [
    ...general.split(",").map((word): [string, GarmentNoun] => [word, { part, general: true }]),
    ...kinds.split(",").map((word): [string, GarmentNoun] => [word, { part, general: false }]),
  ];
}

export const GARMENTS: ReadonlyMap<string, GarmentNoun> = new Map([
  ...garments(
    "upper",
    "top,tops,upper body",
    "shirt,shirts,t shirt,t shirts,tshirt,tshirts,tee,blouse,blouses,jacket,jackets,coat,coats,sweater,sweaters,jumper,jumpers,hoodie,hoodies,cardigan,cardigans,pullover,pullovers," +
      "vest,vests,blazer,blazers,sweatshirt,sweatshirts,polo,polo shirt,tunic,tank top,parka,raincoat,overcoat,anorak,waistcoat,jersey,turtleneck",
  ),
  ...garments(
    "lower",
    "bottoms",
    "jeans,trousers,pants,skirt,skirts,shorts,leggings,slacks,chinos,sweatpants,joggers,tights,breeches,kilt",
  ),
  ...garments(
    "feet",
    "shoes,shoe,footwear",
    "sneakers,sneaker,boots,boot,trainers,sandals,heels,high heels,loafers,slippers,running shoes",
  ),
  ...garments(
    "outfit",
    "clothes,clothing,outfit,outfits,garment,garments",
    "dress,dresses,suit,suits,uniform,uniforms,jumpsuit,overalls,robe,gown,costume,spacesuit,space suit,tracksuit,kimono,sari,onesie",
  ),
]);

export interface ColorWord {
  /** Names the colour reader gives, any of which the word may mean. */
  readonly names: readonly string[];
  readonly shade?: "light" | "dark";
}

function colors(words: string, names: string, shade?: "light" | "dark"): [string, ColorWord][] {
  return words.split(",").map((word) => [word, shade === undefined ? { names: names.split(",") } : { names: names.split(","), shade }]);
}

export const COLORS: ReadonlyMap<string, ColorWord> = new Map([
  ...colors("black", "black"),
  ...colors("white", "white"),
  ...colors("off white", "white,beige"),
  ...colors("gray,grey,silver", "gray"),
  ...colors("charcoal", "gray", "dark"),
  ...colors("red,scarlet,crimson", "red"),
  ...colors("maroon,burgundy", "red,brown", "dark"),
  ...colors("orange", "orange"),
  ...colors("yellow,mustard,golden,gold", "yellow"),
  ...colors("green,lime,lime green", "green"),
  ...colors("olive,khaki", "green,beige,brown"),
  ...colors("olive green", "green,brown"),
  ...colors("mint green,mint", "green,turquoise", "light"),
  ...colors("forest green,bottle green,racing green", "green", "dark"),
  ...colors("turquoise,teal,cyan,aqua", "turquoise"),
  ...colors("blue,denim,royal blue,denim blue,blue denim", "blue"),
  ...colors("sky blue,baby blue,powder blue", "blue", "light"),
  ...colors("navy,indigo,navy blue", "blue", "dark"),
  ...colors("purple,violet,lilac,lavender", "purple"),
  ...colors("pink,magenta,fuchsia,hot pink", "pink"),
  ...colors("brown", "brown"),
  ...colors("beige,cream,ivory,tan,camel,sand", "beige"),
]);

/** "light blue": what stands before a colour. */
export const SHADES: ReadonlyMap<string, "light" | "dark" | undefined> = new Map([
  ["light", "light"],
  ["pale", "light"],
  ["dark", "dark"],
  ["deep", "dark"],
  ["bright", undefined],
]);

export type PatternWord = "plain" | "striped" | "checked" | "patterned";

export interface PatternAdjective {
  readonly pattern: PatternWord;
  /** True for words that say no more than the pattern. */
  readonly general: boolean;
}

function patterns(pattern: PatternWord, general: string, kinds = ""): [string, PatternAdjective][] {
  return [
    ...general.split(",").map((word): [string, PatternAdjective] => [word, { pattern, general: true }]),
    ...(kinds === "" ? [] : kinds.split(",")).map((word): [string, PatternAdjective] => [word, { pattern, general: false }]),
  ];
}

export const PATTERNS: ReadonlyMap<string, PatternAdjective> = new Map([
  ...patterns("striped", "striped,stripy,stripey", "pinstriped"),
  ...patterns("checked", "checked,checkered,chequered", "plaid,tartan,gingham"),
  ...patterns(
    "patterned",
    "patterned",
    "floral,flowered,flowery,dotted,spotted,spotty,polka dot,paisley,printed,animal print,leopard print,zebra print,camouflage,camo",
  ),
  ...patterns("plain", "plain,solid"),
]);

/** The same as nouns: "with white stripes". */
export const PATTERN_NOUNS: ReadonlyMap<string, PatternWord> = new Map([
  ["stripe", "striped"],
  ["stripes", "striped"],
  ["checks", "checked"],
  ["squares", "checked"],
  ["dots", "patterned"],
  ["spots", "patterned"],
]);

export type Side = "left" | "right" | "top" | "bottom" | "center";

export const SIDES: ReadonlyMap<string, Side> = new Map([
  ["left", "left"],
  ["right", "right"],
  ["upper", "top"],
  ["lower", "bottom"],
  ["bottom", "bottom"],
  ["center", "center"],
  ["centre", "center"],
  ["middle", "center"],
]);

/** What only one of several can be. */
export const SUPERLATIVES: ReadonlyMap<string, "left" | "right" | "top" | "bottom" | "largest" | "smallest"> = new Map([
  ["leftmost", "left"],
  ["rightmost", "right"],
  ["topmost", "top"],
  ["uppermost", "top"],
  ["highest", "top"],
  ["bottommost", "bottom"],
  ["lowest", "bottom"],
  ["largest", "largest"],
  ["biggest", "largest"],
  ["smallest", "smallest"],
  ["tiniest", "smallest"],
]);

export const NUMBERS: ReadonlyMap<string, number> = new Map(
  "one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve".split(",").map((word, index) => [word, index + 1]),
);

export const ORDINALS: ReadonlyMap<string, number> = new Map(
  ["first,second,third,fourth,fifth,sixth,seventh,eighth,ninth,tenth", "1st,2nd,3rd,4th,5th"].flatMap((words) =>
    words.split(",").map((word, index): [string, number] => [word, index + 1]),
  ),
);

/** Words that belong to grammar: they narrow nothing wherever they stand. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    "a,an,the,this,that,these,those,there,here,some,any,all,every,each,both,either,many,much,several,is,are,was,were,be,been,being,am,do,does,did,can,could,would,will,shall,should,may,might," +
    "has,have,had,having,i,me,my,you,your,we,us,our,he,him,his,she,her,hers,it,its,they,them,their,who,whom,whose,which,what,where,when,how,why,if,then,so,and,or,of,in,on,at,to,for,from,by," +
    "as,w,with,within,into,inside,throughout,during,please,see,seen,look,looks,wearing,wears,wear,wore,worn,dressed,clad,clothed,colored,coloured,color,colour,colors,colours,kind,kinds," +
    "something,anything,everything,one,ones,where's,what's,who's,there's,it's,he's,she's,i'm,i'd,let's,most,very,just,only,also,too,visible,present,appear,appears,appearing,appeared,shown," +
    "hi,hello,hey,ok,okay,thanks,next,beside,near,alongside,close,around"
  ).split(","),
);

/** Words of asking: they narrow nothing before the thing that is asked for, unless an article makes nouns of them. */
export const ASKING: ReadonlySet<string> = new Set(
  (
    "find,locate,show,point,out,mark,highlight,looking,search,searching,detect,spot,tell,give,get,bounding,identify,circle,outline,draw,count,list,select,click,want,need,like,try,help," +
    "check,whether,know,return,report,determine,describe,exactly,now,time,times,moment,moments,part,parts,segment,segments,section,sections,second,seconds"
  ).split(","),
);

/** What a question asks for instead of the thing itself: "the position of the dog". */
export const ASKED_FOR: ReadonlySet<string> = new Set(
  "box,boxes,position,positions,location,locations,coordinates,number,part,parts,time,times,moment,moments".split(","),
);

/** Words for what is looked at. */
export const PICTURES: ReadonlySet<string> = new Set(
  "picture,pictures,image,images,photo,photos,photograph,photographs,frame,frames,video,videos,clip,scene,scenes,shot,screen,view,footage,recording,film,screenshot".split(
    ",",
  ),
);

/** Before these words, "of", stands how many there are of what comes. */
export const PARTITIVES: ReadonlySet<string> = new Set(
  "couple,pair,pairs,group,groups,bunch,crowd,set,kind,type,number,lot,lots".split(","),
);

/** What turns the words after it around: those are never matched as if it were not there. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  "not,no,without,except,excluding,never,isn't,aren't,doesn't,don't,nobody,none,neither,nor,non,unlike".split(","),
);

/** What single words that are not judged are about; every other one is "other". */
export const ABOUT: ReadonlyMap<string, Unjudgeable> = new Map([
  ...about("hair", "hair,haired,blonde,blond,brunette,bald,ponytail,curly,redhead,braids,bun"),
  ...about("face", "beard,bearded,moustache,mustache,smile,smiling,eyes,face,laughing,frowning,sad,happy,angry"),
  ...about("age", "young,younger,old,older,elderly,little,middle aged,aged,grown"),
  ...about("gender", "male,female,masculine,feminine"),
  ...about(
    "accessory",
    "hat,hats,cap,caps,glasses,sunglasses,scarf,gloves,helmet,mask,watch,belt,jewelry,necklace,earrings,hood,apron,badge,lanyard,headphones,socks",
  ),
  ...about("sleeve length", "sleeveless,short sleeved,long sleeved"),
  ...actions(
    "walk,run,stand,sit,ride,hold,carry,push,pull,jump,lie,sleep,eat,drink,drive,enter,leave,wait,talk,speak,read,write,smoke,dance,play,climb,fall,kneel,bend,crouch,crawl,turn,move,go,come," +
      "arrive,approach,pass,cross,wave,throw,catch,kick,hit,fight,steal,swim,skate,jog,hug,kiss,shake,lean,dig,follow,chase,hide,travel",
  ),
  ...about(
    "action",
    "seated,lying,opening,closing,taking,putting,picking,using,working,resting,stopping,starting,asleep,awake,looking,facing,heading,pointing,shopping,cooking,filming,phoning,typing,painting,cleaning,cycling,skiing",
  ),
]);

function about(asks: Unjudgeable, words: string): [string, Unjudgeable][] {
  return words.split(",").map((word) => [word, asks]);
}

/** Each verb as it is said of someone: "walk", "walks", "walking". */
function actions(verbs: string): [string, Unjudgeable][] {
  return verbs.split(",").flatMap((verb) => about("action", [verb, thirdPerson(verb), `${ingStem(verb)}ing`].join()));
}

function thirdPerson(verb: string): string {
  if (/(?:s|sh|ch|x|o)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

function ingStem(verb: string): string {
  if (/[^aeiou]e$/.test(verb)) return verb.slice(0, -1);
  // "run", "sit": one vowel before one last consonant.
  return /^[^aeiou]*[aeiou][^aeiouwxy]$/.test(verb) ? `${verb}${verb.at(-1)}` : verb;
}
