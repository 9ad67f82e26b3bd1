"""Honest texts: what a careful writer makes of the twelve products. Every statement is in the source.

Written before the checker, sentence by sentence; each text also counts in shorter forms (see `variants`).
"""

from __future__ import annotations

HONEST: dict[tuple[str, str], list[str]] = {
    ("shirt", "en"): [
        "The Basic Crew Neck T-Shirt is an easy choice for every day: regular fit, clean neckline, navy blue.",
        "It is made of 100% cotton in single jersey with a weight of 180 g/m².",
        "The fabric is certified to OEKO-TEX Standard 100.",
        "Wash it in the machine at 40 °C and let it dry on the line.",
        "Available in four sizes from S to XL.",
    ],
    ("shirt", "de"): [
        "Das T-Shirt mit Rundhalsausschnitt sitzt bequem und passt zu vielen Gelegenheiten.",
        "Es besteht aus 100 % Baumwolle mit einem Stoffgewicht von 180 g/m² und ist nach OEKO-TEX Standard 100 zertifiziert.",
        "Hergestellt wird es in Portugal.",
        "Waschen Sie es bei 40 °C in der Maschine und geben Sie es nicht in den Trockner.",
        "Erhältlich in den Größen S, M, L und XL in Marineblau.",
    ],
    ("shirt", "fr"): [
        "Ce t-shirt à col rond accompagne vos journées avec une coupe régulière et confortable.",
        "Il est en 100 % coton, jersey simple de 180 g/m².",
        "Le tissu est certifié OEKO-TEX Standard 100 et le t-shirt est fabriqué au Portugal.",
        "Lavage en machine à 40 °C, sans sèche-linge.",
        "Choisissez votre taille, du S au XL.",
    ],
    ("shirt", "es"): [
        "Una camiseta de cuello redondo y corte regular para el día a día.",
        "Está hecha de algodón 100 % con un gramaje de 180 g/m².",
        "Cuenta con el certificado OEKO-TEX Standard 100 y se fabrica en Portugal.",
        "Puede lavarse a máquina a 40 °C.",
        "Disponible en azul marino, en las tallas S, M, L y XL.",
    ],
    ("shirt", "it"): [
        "La maglietta girocollo con vestibilità regolare si abbina facilmente a tutto.",
        "È in 100% cotone, jersey da 180 g/m², nel colore blu navy.",
        "Il tessuto è certificato OEKO-TEX Standard 100.",
        "Si lava in lavatrice a 40 °C.",
    ],
    ("shirt", "sr-Latn"): [
        "Majica okruglog izreza i pravog kroja, za svaki dan.",
        "Izrađena je od 100% pamuka gramaže 180 g/m².",
        "Materijal ima sertifikat OEKO-TEX Standard 100, a majica je proizvedena u Portugalu.",
        "Pere se u mašini na 40 °C.",
        "Dostupna je u veličinama S, M, L i XL, u teget boji.",
    ],
    ("shirt", "sr"): [
        "Мајица округлог изреза за сваки дан.",
        "Израђена је од 100% памука, грамаже 180 g/m².",
        "Поседује сертификат OEKO-TEX Standard 100.",
        "Пере се у машини на 40 °C и не суши се у сушилици.",
    ],
    ("shirt", "pl"): [
        "Klasyczny t-shirt z okrągłym dekoltem, o regularnym kroju.",
        "Uszyty ze 100% bawełny o gramaturze 180 g/m².",
        "Tkanina ma certyfikat OEKO-TEX Standard 100, a koszulka powstaje w Portugalii.",
        "Można ją prać w pralce w temperaturze 40 °C.",
    ],
    ("shirt", "ru"): [
        "Футболка с круглым вырезом и прямым кроем на каждый день.",
        "Она сшита из 100% хлопка плотностью 180 г/м².",
        "Ткань имеет сертификат OEKO-TEX Standard 100.",
        "Стирать в машине при 40 °C.",
    ],
    ("drill", "de"): [
        "Der Akku-Bohrschrauber AB-18 bringt 18 Volt und bis zu 50 Nm Drehmoment in ein handliches Gehäuse.",
        "Mit 1,4 kg liegt er gut in der Hand, auch wenn die Arbeit länger dauert.",
        "Die Leerlaufdrehzahl lässt sich von 0 bis 1500 U/min regeln, das Bohrfutter spannt Werkzeuge bis 13 mm.",
        "Zwei Akkus mit je 2 Ah, Ladegerät und Koffer gehören zum Lieferumfang.",
        "Sie erhalten 2 Jahre Garantie.",
    ],
    ("drill", "en"): [
        "The AB-18 cordless drill driver combines 18 V power with a torque of up to 50 Nm.",
        "At 1.4 kg it stays comfortable in the hand, and the built-in LED light shows you where you work.",
        "Its speed runs from 0 to 1,500 rpm and the chuck takes bits up to 13 mm.",
        "The set includes two 2.0 Ah lithium-ion batteries, a charger and a case.",
        "It comes with a two-year warranty.",
    ],
    ("drill", "fr"): [
        "La perceuse-visseuse sans fil AB-18 offre une tension de 18 V et un couple de 50 Nm.",
        "Elle pèse 1,4 kg et dispose d'un éclairage LED.",
        "Vitesse à vide de 0 à 1 500 tr/min, mandrin de 13 mm.",
        "Livrée avec 2 batteries Li-Ion de 2,0 Ah, un chargeur et une mallette.",
        "Garantie 2 ans.",
    ],
    ("drill", "sr-Latn"): [
        "Akumulatorska bušilica-odvijač AB-18 radi na 18 V i daje moment do 50 Nm.",
        "Teška je 1,4 kg, pa se njome lako radi i iznad glave.",
        "Broj obrtaja je od 0 do 1.500 u minuti, a stezna glava prima alat do 13 mm.",
        "U koferu su dve baterije od 2,0 Ah i punjač.",
        "Garancija traje 2 godine.",
    ],
    ("drill", "hr"): [
        "Akumulatorska bušilica AB-18 ima napon od 18 V i okretni moment do 50 Nm.",
        "Masa od 1,4 kg čini je ugodnom za rad.",
        "U kompletu dolaze dvije baterije kapaciteta 2,0 Ah, punjač i kofer.",
        "Jamstvo vrijedi dvije godine.",
    ],
    ("drill", "nl"): [
        "De accuboormachine AB-18 levert 18 V en een koppel tot 50 Nm.",
        "Met een gewicht van 1,4 kg ligt hij prettig in de hand.",
        "Het toerental loopt van 0 tot 1.500 toeren per minuut; de boorkop is 13 mm.",
        "Inclusief twee accu's van 2,0 Ah, een lader en een koffer.",
        "Je krijgt 2 jaar garantie.",
    ],
    ("drill", "pl"): [
        "Wiertarko-wkrętarka AB-18 pracuje na napięciu 18 V i osiąga moment 50 Nm.",
        "Waży 1,4 kg.",
        "W zestawie są dwa akumulatory 2,0 Ah, ładowarka i walizka.",
        "Gwarancja obejmuje 2 lata.",
    ],
    ("mug", "sr-Latn"): [
        "Šolja Jutro je ručno rađena od keramike i drži 350 ml vaše omiljene kafe ili čaja.",
        "Visoka je 9,5 cm, u nežnoj krem boji.",
        "Može se prati u mašini za sudove i koristiti u mikrotalasnoj.",
        "Lep poklon za svakoga ko dan počinje polako.",
    ],
    ("mug", "sr"): [
        "Шоља Јутро је ручно рађена од керамике и прима 350 ml кафе или чаја.",
        "Висока је 9,5 cm и крем боје.",
        "Може се прати у машини за судове и користити у микроталасној пећници.",
    ],
    ("mug", "en"): [
        "Start the day slowly with the Jutro mug, handmade from ceramic in a soft cream tone.",
        "It holds 350 ml of coffee or tea and stands 9.5 cm tall.",
        "The mug is dishwasher safe and can be used in the microwave.",
    ],
    ("mug", "de"): [
        "Die Tasse Jutro ist handgefertigt aus Keramik und fasst 350 ml.",
        "Mit 9,5 cm Höhe passt sie unter viele Kaffeemaschinen.",
        "Sie ist spülmaschinenfest und für die Mikrowelle geeignet.",
    ],
    ("mug", "fr"): [
        "La tasse Jutro, en céramique faite main, contient 350 ml de café ou de thé.",
        "Haute de 9,5 cm, elle se décline dans un ton crème tout doux.",
        "Elle passe au lave-vaisselle et au micro-ondes.",
    ],
    ("mug", "it"): [
        "La tazza Jutro è fatta a mano in ceramica e contiene 350 ml di caffè o tè.",
        "È alta 9,5 cm e di colore crema.",
        "Si può lavare in lavastoviglie e usare nel microonde.",
    ],
    ("mug", "hr"): [
        "Šalica Jutro ručno je izrađena od keramike i prima 350 ml kave ili čaja.",
        "Visina je 9,5 cm, a boja krem.",
        "Može u perilicu posuđa i u mikrovalnu pećnicu.",
    ],
    ("mug", "es"): [
        "La taza Jutro está hecha a mano en cerámica y tiene una capacidad de 350 ml.",
        "Mide 9,5 cm de alto.",
        "Es apta para lavavajillas y microondas.",
    ],
    ("headphones", "en"): [
        "Fold them, pack them, forget the cable: the Aria BT-200 connects by Bluetooth 5.3 to your iOS or Android phone.",
        "40 mm drivers fill the ear cups with sound, and one charge lasts for up to 30 hours.",
        "At only 210 g, the black over-ear headphones sit lightly on your head.",
        "They are protected against splashing water (IPX4) and charge over USB-C.",
        "A 2-year warranty is included.",
    ],
    ("headphones", "de"): [
        "Die faltbaren Kopfhörer Aria BT-200 verbinden sich per Bluetooth 5.3 mit iOS- und Android-Geräten.",
        "Bis zu 30 Stunden Musik sind mit einer Ladung möglich, geladen wird über USB-C.",
        "40-mm-Treiber sorgen für den Klang, das Gewicht beträgt 210 g.",
        "Nach IPX4 sind sie gegen Spritzwasser geschützt.",
        "Die Garantie beträgt 24 Monate.",
    ],
    ("headphones", "fr"): [
        "Le casque pliable Aria BT-200 se connecte en Bluetooth 5.3 aux appareils iOS et Android.",
        "Jusqu'à 30 heures d'écoute avec une seule charge, par USB-C.",
        "Ses transducteurs de 40 mm et son poids de 210 g en font un compagnon agréable.",
        "Il résiste aux projections d'eau (IPX4).",
        "Garantie de 24 mois.",
    ],
    ("headphones", "es"): [
        "Los auriculares plegables Aria BT-200 se conectan por Bluetooth 5.3 con iOS y Android.",
        "Ofrecen hasta 30 horas de reproducción y se cargan por USB-C.",
        "Pesan 210 g y llevan controladores de 40 mm.",
        "Están protegidos contra salpicaduras (IPX4).",
        "Incluyen dos años de garantía.",
    ],
    ("headphones", "sr-Latn"): [
        "Sklopive slušalice Aria BT-200 povezuju se preko Bluetooth 5.3 veze sa iOS i Android telefonima.",
        "Jedno punjenje preko USB-C daje do 30 sati muzike.",
        "Imaju zvučnike od 40 mm, a teške su samo 210 g.",
        "Zaštita IPX4 čuva ih od prskanja vode.",
        "Garancija: 24 meseca.",
    ],
    ("headphones", "nl"): [
        "De opvouwbare Aria BT-200 maakt verbinding via Bluetooth 5.3 met iOS en Android.",
        "Eén lading is goed voor 30 uur muziek en laden gaat via USB-C.",
        "De drivers meten 40 mm en de hoofdtelefoon weegt 210 gram.",
        "Hij is spatwaterdicht volgens IPX4.",
        "Met 24 maanden garantie.",
    ],
    ("headphones", "pt"): [
        "Os auscultadores dobráveis Aria BT-200 ligam-se por Bluetooth 5.3 a iOS e Android.",
        "Até 30 horas de reprodução com uma carga, por USB-C.",
        "Pesam 210 g e têm altifalantes de 40 mm.",
        "A proteção IPX4 resiste a salpicos de água.",
        "Garantia de 24 meses.",
    ],
    ("headphones", "ru"): [
        "Складные наушники Aria BT-200 подключаются по Bluetooth 5.3 к устройствам iOS и Android.",
        "Одной зарядки через USB-C хватает на 30 часов музыки.",
        "Динамики 40 мм, вес всего 210 г.",
        "Защита от брызг IPX4.",
        "Гарантия 24 месяца.",
    ],
    ("headphones", "pl"): [
        "Składane słuchawki Aria BT-200 łączą się przez Bluetooth 5.3 z telefonami iOS i Android.",
        "Jedno ładowanie przez USB-C wystarcza na 30 godzin słuchania.",
        "Przetworniki 40 mm, masa 210 g.",
        "Ochrona IPX4 przed zachlapaniem.",
        "Gwarancja 24 miesiące.",
    ],
    ("chair", "fr"): [
        "La chaise Ergo Line s'adapte à vous: assise réglable de 45 à 55 cm et accoudoirs ajustables.",
        "Le revêtement gris en polyester repose sur un piètement en aluminium.",
        "Elle supporte jusqu'à 120 kg.",
        "Fabriquée en Italie, elle est garantie 5 ans.",
    ],
    ("chair", "en"): [
        "Work comfortably at the right height: the seat of the Ergo Line adjusts from 45 to 55 cm, and so do the armrests to your arms.",
        "Grey polyester fabric covers the seat, the base is aluminium.",
        "The chair carries up to 120 kg.",
        "It is made in Italy and comes with a warranty of five years.",
    ],
    ("chair", "de"): [
        "Der Bürostuhl Ergo Line lässt sich in der Sitzhöhe von 45 bis 55 cm verstellen, auch die Armlehnen sind anpassbar.",
        "Der Bezug ist aus grauem Polyester, das Fußkreuz aus Aluminium.",
        "Er trägt bis zu 120 kg.",
        "Hergestellt in Italien, mit 5 Jahren Garantie.",
    ],
    ("chair", "it"): [
        "La sedia da ufficio Ergo Line si regola in altezza da 45 a 55 cm e ha braccioli regolabili.",
        "Rivestimento in poliestere grigio, base in alluminio.",
        "Portata massima 120 kg.",
        "Prodotta in Italia, con garanzia di 5 anni.",
    ],
    ("chair", "sr-Latn"): [
        "Kancelarijska stolica Ergo Line ima podesivu visinu sedišta od 45 do 55 cm i podesive naslone za ruke.",
        "Presvlaka je od sivog poliestera, a postolje od aluminijuma.",
        "Nosivost je 120 kg.",
        "Proizvedena je u Italiji, garancija 5 godina.",
    ],
    ("chair", "sr"): [
        "Канцеларијска столица Ergo Line има подесиву висину седишта од 45 до 55 cm.",
        "Пресвлака је од сивог полиестера, а постоље од алуминијума.",
        "Носивост износи 120 kg, гаранција је пет година.",
        "Произведена је у Италији.",
    ],
    ("chair", "es"): [
        "La silla de oficina Ergo Line se regula de 45 a 55 cm de altura y tiene reposabrazos ajustables.",
        "Tapizado de poliéster gris y base de aluminio.",
        "Soporta hasta 120 kg.",
        "Fabricada en Italia, con 5 años de garantía.",
    ],
    ("chair", "pt"): [
        "A cadeira de escritório Ergo Line ajusta-se de 45 a 55 cm de altura.",
        "O revestimento é de poliéster cinzento e a base de alumínio.",
        "Suporta até 120 kg.",
        "Fabricada em Itália, tem 5 anos de garantia.",
    ],
    ("oil", "es"): [
        "Aceite de oliva virgen extra de la variedad arbequina, de agricultura ecológica, extraído en frío.",
        "Su acidez no supera el 0,2 %.",
        "Procede de Jaén, en España, y llega en una botella de vidrio de 500 ml.",
        "Pruébelo con pan, ensaladas o verduras a la plancha.",
    ],
    ("oil", "en"): [
        "This extra virgin olive oil is pressed cold from Arbequina olives of organic farming.",
        "Its acidity stays at 0.2% at most.",
        "It comes from Jaén in Spain, in a glass bottle of 500 ml.",
        "Enjoy it on bread, salads and grilled vegetables.",
    ],
    ("oil", "de"): [
        "Natives Olivenöl extra aus Arbequina-Oliven aus biologischer Landwirtschaft, kalt extrahiert.",
        "Der Säuregehalt liegt bei höchstens 0,2 %.",
        "Es stammt aus Jaén in Spanien und kommt in einer Glasflasche mit 0,5 l.",
        "Schmeckt zu Brot, Salat und gegrilltem Gemüse.",
    ],
    ("oil", "fr"): [
        "Une huile d'olive vierge extra issue d'olives arbequina de l'agriculture biologique, extraite à froid.",
        "Son acidité ne dépasse pas 0,2 %.",
        "Elle vient de Jaén, en Espagne, dans une bouteille en verre de 50 cl.",
    ],
    ("oil", "it"): [
        "Olio extravergine di oliva da olive arbequina di agricoltura biologica, estratto a freddo.",
        "L'acidità massima è dello 0,2 %.",
        "Proviene da Jaén, in Spagna, in una bottiglia di vetro da 500 ml.",
    ],
    ("oil", "sr-Latn"): [
        "Ekstra devičansko maslinovo ulje od maslina arbequina iz organske poljoprivrede, hladno ceđeno.",
        "Kiselost je najviše 0,2 %.",
        "Dolazi iz Španije, u staklenoj boci od 500 ml.",
    ],
    ("oil", "nl"): [
        "Extra vierge olijfolie van arbequina-olijven uit biologische landbouw, koud geperst.",
        "De zuurgraad is maximaal 0,2 %.",
        "De olie komt uit Jaén in Spanje en zit in een glazen fles van 500 ml.",
    ],
    ("bag", "it"): [
        "La borsa a tracolla Siena è in vera pelle di vitello, con fodera in cotone.",
        "Misura 28 x 20 x 8 cm e pesa 700 g.",
        "Tre tasche interne e la chiusura con zip tengono tutto in ordine.",
        "La tracolla è regolabile. Fatta in Italia.",
    ],
    ("bag", "en"): [
        "The Siena shoulder bag is cut from genuine calf leather and lined with cotton.",
        "It measures 28 x 20 x 8 cm and weighs 0.7 kg.",
        "Three inner pockets and a zip keep your things in place.",
        "Made in Italy, with an adjustable strap.",
    ],
    ("bag", "de"): [
        "Die Umhängetasche Siena ist aus echtem Kalbsleder gefertigt und mit Baumwolle gefüttert.",
        "Sie misst 28 × 20 × 8 cm und wiegt 0,7 kg.",
        "Drei Innentaschen und ein Reißverschluss halten Ordnung.",
        "Made in Italy, mit verstellbarem Riemen.",
    ],
    ("bag", "fr"): [
        "Le sac bandoulière Siena est en cuir de veau véritable, doublé de coton.",
        "Il mesure 28 x 20 x 8 cm pour 0,7 kg.",
        "Trois poches intérieures et une fermeture éclair gardent tout à sa place.",
        "Fabriqué en Italie.",
    ],
    ("bag", "es"): [
        "El bolso bandolera Siena es de cuero de becerro con forro de algodón.",
        "Mide 28 x 20 x 8 cm y pesa 0,7 kg.",
        "Tiene tres bolsillos interiores y cierre de cremallera.",
        "Hecho en Italia.",
    ],
    ("bag", "sr-Latn"): [
        "Torba Siena je od prave teleće kože, postavljena pamukom.",
        "Dimenzije su 28 x 20 x 8 cm, a težina 0,7 kg.",
        "Ima tri unutrašnja džepa i zatvara se rajsferšlusom.",
        "Proizvedena je u Italiji.",
    ],
    ("bag", "hr"): [
        "Torba Siena izrađena je od prave teleće kože s pamučnom podstavom.",
        "Mjeri 28 x 20 x 8 cm i teži 700 g.",
        "Tri unutarnja džepa i patentni zatvarač drže stvari na mjestu.",
        "Proizvedeno u Italiji.",
    ],
    ("bag", "pl"): [
        "Torebka Siena jest ze skóry cielęcej, z bawełnianą podszewką.",
        "Ma wymiary 28 x 20 x 8 cm i waży 0,7 kg.",
        "Trzy kieszenie wewnętrzne i zamek porządkują drobiazgi.",
        "Wyprodukowana we Włoszech.",
    ],
    ("bag", "ru"): [
        "Сумка Siena сшита из натуральной телячьей кожи, подкладка из хлопка.",
        "Размеры 28 x 20 x 8 см, вес 0,7 кг.",
        "Три внутренних кармана и застёжка-молния.",
        "Сделано в Италии.",
    ],
    ("cream", "en"): [
        "Calm Face Cream is a light day cream for sensitive skin, with aloe vera and shea butter.",
        "The formula is vegan, free of fragrance and dermatologically tested.",
        "It comes in a glass jar of 50 ml.",
        "Apply in the morning to clean skin.",
    ],
    ("cream", "de"): [
        "Die leichte Tagescreme pflegt empfindliche Haut mit Aloe vera und Sheabutter.",
        "Sie ist vegan, parfümfrei und dermatologisch getestet.",
        "Im Glastiegel mit 50 ml.",
    ],
    ("cream", "fr"): [
        "Une crème de jour légère pour peaux sensibles, à l'aloe vera et au beurre de karité.",
        "Vegan, sans parfum et testée dermatologiquement.",
        "Présentée dans un pot en verre de 50 ml.",
    ],
    ("cream", "es"): [
        "Crema de día ligera para piel sensible, con aloe vera y manteca de karité.",
        "Es vegana, sin perfume y dermatológicamente probada.",
        "Tarro de vidrio de 50 ml.",
    ],
    ("cream", "it"): [
        "Crema giorno leggera per pelli sensibili con aloe vera e burro di karité.",
        "Vegana, senza profumo e dermatologicamente testata.",
        "In vasetto di vetro da 50 ml.",
    ],
    ("cream", "sr-Latn"): [
        "Lagana dnevna krema za osetljivu kožu, sa aloja verom i ši puterom.",
        "Veganska je, bez mirisa i dermatološki testirana.",
        "Pakovanje je staklena teglica od 50 ml.",
    ],
    ("cream", "nl"): [
        "Een lichte dagcrème voor de gevoelige huid, met aloë vera en sheaboter.",
        "Veganistisch, parfumvrij en dermatologisch getest.",
        "In een glazen potje van 50 ml.",
    ],
    ("lamp", "pl"): [
        "Lampa biurkowa Nova ma pięć poziomów jasności i barwę światła od 3000 do 6000 K.",
        "Przy mocy 9 W daje 600 lm.",
        "Aluminiowa lampa ma 42 cm wysokości, a port USB naładuje telefon.",
    ],
    ("lamp", "en"): [
        "The Nova desk lamp shifts from warm to cool light, between 3000 and 6000 K, in five levels of brightness.",
        "It gives 600 lm from just 9 watts.",
        "The aluminium lamp is 42 cm tall, and its USB port charges your phone.",
    ],
    ("lamp", "de"): [
        "Die Schreibtischlampe Nova bietet fünf Helligkeitsstufen und eine Lichtfarbe von 3000 bis 6000 Kelvin.",
        "Mit 9 W Leistung erreicht sie 600 Lumen.",
        "Das Gehäuse ist aus Aluminium, die Höhe beträgt 42 cm, und am USB-Anschluss lädt das Telefon.",
    ],
    ("lamp", "fr"): [
        "La lampe de bureau Nova propose cinq niveaux de luminosité et une lumière de 3000 à 6000 K.",
        "Elle délivre 600 lm pour 9 W.",
        "En aluminium, haute de 42 cm, elle recharge aussi le téléphone par son port USB.",
    ],
    ("lamp", "sr-Latn"): [
        "Stona lampa Nova ima pet nivoa jačine i boju svetla od 3000 do 6000 K.",
        "Snage 9 W, daje 600 lumena.",
        "Od aluminijuma je, visoka 42 cm, sa USB priključkom za punjenje telefona.",
    ],
    ("lamp", "pt"): [
        "O candeeiro Nova tem cinco níveis de brilho e luz de 3000 a 6000 K.",
        "Com 9 W de potência, emite 600 lm.",
        "É de alumínio, tem 42 cm de altura e uma porta USB para carregar o telemóvel.",
    ],
    ("backpack", "ru"): [
        "Детский рюкзак «Лисичка» вмещает 12 литров и весит всего 380 г.",
        "Он сшит из водоотталкивающего полиэстера, по бокам два кармана.",
        "Светоотражающие полосы делают ребёнка заметнее в сумерках.",
        "Размеры 32 × 24 × 12 см, для детей от 3 до 6 лет.",
    ],
    ("backpack", "en"): [
        "The little fox backpack holds 12 litres and weighs 380 g.",
        "Its polyester fabric is water-repellent, and two side pockets take a bottle and a snack.",
        "Reflective strips make children easier to see at dusk.",
        "It measures 32 x 24 x 12 cm and suits children from 3 to 6 years.",
    ],
    ("backpack", "de"): [
        "Der Kinderrucksack fasst 12 Liter und wiegt 380 g.",
        "Der Stoff aus Polyester ist wasserabweisend, zwei Seitentaschen bieten Platz für Kleinigkeiten.",
        "Mit 32 × 24 × 12 cm passt er Kindern von 3 bis 6 Jahren.",
    ],
    ("backpack", "sr-Latn"): [
        "Dečji ranac zapremine 12 l težak je 380 g.",
        "Izrađen je od vodoodbojnog poliestera, sa dva bočna džepa i reflektujućim trakama.",
        "Dimenzije su 32 x 24 x 12 cm, za decu od 3 do 6 godina.",
    ],
    ("backpack", "sr"): [
        "Дечји ранац запремине 12 литара тежак је 380 грама.",
        "Од водоодбојног је полиестера и има два бочна џепа.",
        "За децу од 3 до 6 година.",
    ],
    ("backpack", "pl"): [
        "Plecak dziecięcy o pojemności 12 l waży 380 g.",
        "Uszyto go z poliestru odpychającego wodę, z dwiema kieszeniami po bokach.",
        "Dla dzieci od 3 do 6 lat.",
    ],
    ("pan", "sr"): [
        "Тигањ Домаћин пречника 28 cm израђен је од ливеног алуминијума са нелепљивим премазом.",
        "Погодан је за све плоче, па и за индукцију.",
        "Тежак је 1,1 kg, а дршка је од бакелита.",
        "Гаранција је 3 године.",
    ],
    ("pan", "sr-Latn"): [
        "Tiganj Domaćin prečnika 28 cm izrađen je od livenog aluminijuma sa nelepljivim premazom.",
        "Pogodan je za sve ploče, uključujući indukciju.",
        "Težak je 1,1 kg, drška je od bakelita, a garancija traje tri godine.",
    ],
    ("pan", "en"): [
        "The 28 cm Domaćin frying pan is made of cast aluminium with a non-stick coating.",
        "It works on all hobs, induction included.",
        "It weighs 1.1 kg and has a bakelite handle.",
        "A warranty of 3 years comes with it.",
    ],
    ("pan", "de"): [
        "Die Pfanne mit 28 cm Durchmesser ist aus Aluminiumguss und hat eine Antihaftbeschichtung.",
        "Sie eignet sich für alle Herdarten, auch für Induktion.",
        "Sie wiegt 1,1 kg, der Griff ist aus Bakelit.",
        "Sie haben 3 Jahre Garantie.",
    ],
    ("pan", "it"): [
        "La padella da 28 cm è in alluminio fuso con rivestimento antiaderente.",
        "Adatta a tutti i piani, anche a induzione.",
        "Pesa 1,1 kg, con garanzia di tre anni.",
    ],
    ("pan", "hr"): [
        "Tava promjera 28 cm od lijevanog je aluminija s neprianjajućim premazom.",
        "Pogodna je za sve ploče, i za indukciju.",
        "Teži 1,1 kg, a jamstvo je 3 godine.",
    ],
    ("shoe", "nl"): [
        "De Vento is een lichte hardloopschoen voor op de weg.",
        "Het bovenwerk is van gerecycled polyester mesh, de zool van rubber met een drop van 8 mm.",
        "In maat 42 weegt hij 240 gram.",
        "Verkrijgbaar in de maten 36 tot en met 46, in groen.",
    ],
    ("shoe", "en"): [
        "The Vento is a light running shoe for the road.",
        "Its upper is recycled polyester mesh, the rubber sole has a drop of 8 mm.",
        "A shoe in size 42 weighs 240 g.",
        "It comes in green, in sizes 36 to 46.",
    ],
    ("shoe", "de"): [
        "Der Vento ist ein leichter Laufschuh für die Straße.",
        "Das Obermaterial ist ein Mesh aus recyceltem Polyester, die Gummisohle hat eine Sprengung von 8 mm.",
        "In Größe 42 wiegt er 240 g.",
        "Erhältlich in Grün und in den Größen 36 bis 46.",
    ],
    ("shoe", "fr"): [
        "La Vento est une chaussure légère pour courir sur route.",
        "Sa tige en mesh de polyester recyclé et sa semelle en caoutchouc affichent un drop de 8 mm.",
        "Elle pèse 240 g en taille 42.",
        "Disponible en vert, du 36 au 46.",
    ],
    ("shoe", "es"): [
        "La Vento es una zapatilla ligera para correr en asfalto.",
        "La parte superior es de malla de poliéster reciclado y la suela de caucho tiene un drop de 8 mm.",
        "Pesa 240 g en la talla 42 y llega en verde, de la 36 a la 46.",
    ],
    ("shoe", "sr-Latn"): [
        "Vento je lagana patika za trčanje po putu.",
        "Gornjište je od mreže od recikliranog poliestera, a gumeni đon ima drop od 8 mm.",
        "U broju 42 teška je 240 g.",
        "Dostupna je u zelenoj boji, u brojevima od 36 do 46.",
    ],
    ("shoe", "ru"): [
        "Vento: лёгкие кроссовки для бега по асфальту.",
        "Верх из сетки из переработанного полиэстера, резиновая подошва с перепадом 8 мм.",
        "Вес 240 г в размере 42, доступны размеры от 36 до 46.",
    ],
}


def variants() -> list[tuple[str, str, str]]:
    """(product, language, text): each text whole, and in shorter forms that leave sentences out."""
    found: list[tuple[str, str, str]] = []
    for (product, language), sentences in HONEST.items():
        forms = [sentences, sentences[:-1], sentences[1:], sentences[::2]]
        seen: set[str] = set()
        for form in forms:
            text = " ".join(form)
            if len(form) > 1 and text not in seen:
                seen.add(text)
                found.append((product, language, text))
    return found


if __name__ == "__main__":
    print(len(HONEST), len(variants()))
