/** What the drawn pages are made of. Invented names and numbers, real words and real ways of writing dates and amounts. */
export interface PageLanguage {
  readonly locale: "de-DE" | "fr-FR" | "es-ES";
  readonly people: readonly string[];
  readonly companies: readonly string[];
  readonly streets: readonly string[];
  readonly towns: readonly string[];
  readonly goods: readonly string[];
  readonly sentences: readonly string[];
  readonly labels: {
    readonly invoice: string;
    readonly number: string;
    readonly date: string;
    readonly due: string;
    readonly customer: string;
    readonly vatId: string;
    readonly item: string;
    readonly quantity: string;
    readonly price: string;
    readonly amount: string;
    readonly net: string;
    readonly vat: string;
    readonly total: string;
    readonly phone: string;
    readonly greeting: string;
    readonly closing: string;
  };
  readonly ibanPrefix: string;
  readonly vatPrefix: string;
  /** Short and long date for day, month (1 to 12) and year. */
  readonly dates: (day: number, month: number, year: number) => readonly string[];
}

const two = (value: number): string => String(value).padStart(2, "0");
const MONTHS = {
  de: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
  fr: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
  es: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
} as const;

export const german: PageLanguage = {
  locale: "de-DE",
  people: ["Jürgen Groß", "Käthe Schröder", "Björn Häußler", "Anneliese Weiß", "Uwe Öztürk", "Gisela Böhm", "Sönke Jäger"],
  companies: ["Bäckerei Müller GmbH", "Größer & Söhne KG", "Übersee-Handel AG", "Schlüsseldienst Köhler", "Gerätebau Öhringen GmbH"],
  streets: ["Königstraße", "Am Schloßgarten", "Rößlerweg", "Äußere Münchner Straße", "Hauptstr.", "Bürgermeister-Ößwald-Allee"],
  towns: ["Würzburg", "Köln", "Gießen", "Tübingen", "Osnabrück", "Nürnberg", "Lübeck", "Kassel"],
  goods: [
    "Bürostuhl, höhenverstellbar",
    "Druckerpapier A4 weiß, 80 g/m²",
    "Verlängerungskabel 5 m",
    'Schreibtischlampe "Prüfstand"',
    "Wartung der Heizungsanlage",
    "Ölfilter für Gabelstapler",
    "Süßwaren, gemischt",
    "Türschließer mit Gleitschiene",
    "Müllbeutel 120 Liter",
    "Beratung vor Ort (Stunden)",
    "Kühlschrank Typ KX-450",
    "Fußmatte 60 x 90 cm",
    "Anfahrtspauschale",
    "Äpfel, Güteklasse 1",
  ],
  sentences: [
    "Vielen Dank für Ihren Auftrag und das uns entgegengebrachte Vertrauen.",
    "Bitte überweisen Sie den Betrag innerhalb von 14 Tagen ohne Abzug auf unser Konto.",
    "Die Lieferung erfolgte am vereinbarten Tag; die Ware wurde ordnungsgemäß übergeben.",
    "Wir bestätigen hiermit den Empfang Ihres Schreibens und prüfen Ihr Anliegen so schnell wie möglich.",
    "Für Rückfragen stehen wir Ihnen gerne zur Verfügung, auch außerhalb der üblichen Öffnungszeiten.",
    'Der Hinweis "Nicht stürzen" auf der Verpackung ist unbedingt zu beachten.',
    "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet, soweit nichts anderes vermerkt ist.",
    "Das größere Gerät kostet ungefähr 20 % mehr, läuft dafür aber geräuschärmer und länger.",
    "Ihre Kündigung wird zum Monatsende wirksam, sofern keine offenen Beträge bestehen.",
    "Zusätzliche Schlüssel können gegen eine Gebühr in unserem Büro abgeholt werden.",
    "Straßenbauarbeiten führen vorübergehend zu Verzögerungen bei der Zustellung.",
  ],
  labels: {
    invoice: "Rechnung",
    number: "Rechnungsnummer",
    date: "Datum",
    due: "Fällig am",
    customer: "Kundennummer",
    vatId: "USt-IdNr.",
    item: "Bezeichnung",
    quantity: "Menge",
    price: "Einzelpreis",
    amount: "Gesamtpreis",
    net: "Summe netto",
    vat: "zzgl. 19 % MwSt.",
    total: "Rechnungsbetrag",
    phone: "Telefon",
    greeting: "Sehr geehrte Damen und Herren,",
    closing: "Mit freundlichen Grüßen",
  },
  ibanPrefix: "DE",
  vatPrefix: "DE",
  dates: (day, month, year) => [`${two(day)}.${two(month)}.${year}`, `${day}. ${MONTHS.de[month - 1]!} ${year}`],
};

export const french: PageLanguage = {
  locale: "fr-FR",
  people: ["François Lefèvre", "Hélène Garçon", "Jérôme Bâtisse", "Noël Desprès", "Zoé Fontaine", "Aurélie Maçon", "Rémi Château"],
  companies: [
    "Société Générale du Bâtiment",
    "Boulangerie Chez Maître Paul",
    "Électricité Beauséjour SARL",
    "Fenêtres & Volets Crémieux",
    "Hôtel de la Forêt",
  ],
  streets: [
    "rue de la République",
    "avenue du Général-Leclerc",
    "allée des Chênes",
    "boulevard Gambetta",
    "place de l'Église",
    "quai d'Orléans",
  ],
  towns: ["Besançon", "Nîmes", "Orléans", "Béziers", "Saint-Étienne", "Angoulême", "Lyon", "Châteauroux"],
  goods: [
    "Chaise de bureau réglable",
    "Ramette papier A4, 80 g/m²",
    "Câble électrique 5 m",
    'Lampe de bureau modèle "Forêt"',
    "Entretien de la chaudière",
    "Filtre à huile",
    "Crème fraîche épaisse",
    "Fenêtre double vitrage",
    "Sacs poubelle 120 litres",
    "Conseil sur site (heures)",
    "Réfrigérateur type KX-450",
    "Pâté de campagne",
    "Frais de déplacement",
    "Pêches, catégorie 1",
  ],
  sentences: [
    "Nous vous remercions de votre commande et de la confiance que vous nous témoignez.",
    "Veuillez régler cette facture dans un délai de 30 jours à compter de sa réception.",
    "La livraison a été effectuée à la date prévue et le matériel vérifié sur place.",
    "Nous accusons réception de votre courrier et étudierons votre demande dès que possible.",
    "Notre équipe reste à votre disposition pour tout renseignement complémentaire.",
    'La mention "Très fragile" figurant sur l\'emballage doit être respectée.',
    "Aucun escompte n'est accordé pour paiement anticipé, sauf accord préalable.",
    "Où que vous soyez, nos techniciens interviennent rapidement, même après 18 heures.",
    "Le modèle supérieur coûte environ 20 % de plus, mais il est plus léger et plus silencieux.",
    "Votre abonnement prendra fin à l'échéance, sous réserve du règlement des sommes dues.",
    "Les travaux de la façade s'achèveront bientôt grâce à l'aide des bénévoles.",
  ],
  labels: {
    invoice: "Facture",
    number: "Numéro de facture",
    date: "Date",
    due: "Échéance",
    customer: "N° client",
    vatId: "TVA intracom.",
    item: "Désignation",
    quantity: "Quantité",
    price: "Prix unitaire",
    amount: "Montant",
    net: "Total HT",
    vat: "TVA 20 %",
    total: "Net à payer",
    phone: "Téléphone",
    greeting: "Madame, Monsieur,",
    closing: "Veuillez agréer nos salutations distinguées",
  },
  ibanPrefix: "FR",
  vatPrefix: "FR",
  dates: (day, month, year) => [`${two(day)}/${two(month)}/${year}`, `${day} ${MONTHS.fr[month - 1]!} ${year}`],
};

export const spanish: PageLanguage = {
  locale: "es-ES",
  people: ["José Núñez", "María Peña", "Íñigo Ibáñez", "Begoña Martínez", "Raúl Muñoz", "Sofía Cañizares", "Andrés Gálvez"],
  companies: [
    "Compañía Española de Muebles",
    "Panadería El Niño S.L.",
    "Cerámicas Logroño S.A.",
    "Instalaciones Ordóñez",
    "Librería Año Nuevo",
  ],
  streets: ["Calle de Alcalá", "Avenida de la Constitución", "Paseo de la Montaña", "Plaza de España", "Calle Ávila", "Camino del Río"],
  towns: ["A Coruña", "Logroño", "Cádiz", "Málaga", "León", "Castellón", "Sevilla", "Jaén"],
  goods: [
    "Silla de oficina giratoria",
    "Papel A4 para impresión, 80 g/m²",
    "Cable eléctrico 5 m",
    'Lámpara de mesa "Otoño"',
    "Mantenimiento de la calefacción",
    "Filtro de aceite para camión",
    "Jamón ibérico en lonchas",
    "Ventana con doble acristalamiento",
    "Bolsas de basura de 120 litros",
    "Asesoría técnica (horas)",
    "Frigorífico modelo KX-450",
    "Piñas, categoría 1",
    "Gastos de envío",
    "Bañera de diseño",
  ],
  sentences: [
    "Le agradecemos su pedido y la confianza que ha depositado en nosotros.",
    "Rogamos efectúe el pago en un plazo de 30 días mediante transferencia bancaria.",
    "La entrega se realizó en la fecha acordada y la mercancía llegó en perfecto estado.",
    "Hemos recibido su carta y estudiaremos su petición lo antes posible.",
    "Para cualquier duda o aclaración estamos a su disposición de lunes a viernes.",
    'La indicación "Muy frágil" del embalaje debe respetarse en todo momento.',
    "¿Necesita ayuda? Llámenos o escríbanos: ¡le responderemos enseguida!",
    "El modelo más grande cuesta un 20 % más, pero es más rápido y silencioso.",
    "Su contrato finalizará el próximo año, siempre que no existan importes pendientes.",
    "El pingüino y la cigüeña son los dibujos más vendidos de la colección de otoño.",
    "Las obras de la fachada terminarán pronto gracias a la colaboración de los vecinos.",
  ],
  labels: {
    invoice: "Factura",
    number: "Número de factura",
    date: "Fecha",
    due: "Vencimiento",
    customer: "N.º de cliente",
    vatId: "NIF-IVA",
    item: "Descripción",
    quantity: "Cantidad",
    price: "Precio unitario",
    amount: "Importe",
    net: "Base imponible",
    vat: "IVA 21 %",
    total: "Total a pagar",
    phone: "Teléfono",
    greeting: "Estimados señores:",
    closing: "Atentamente, la dirección",
  },
  ibanPrefix: "ES",
  vatPrefix: "ES",
  dates: (day, month, year) => [`${two(day)}/${two(month)}/${year}`, `${day} de ${MONTHS.es[month - 1]!} de ${year}`],
};

export const LANGUAGES: readonly PageLanguage[] = [german, french, spanish];
