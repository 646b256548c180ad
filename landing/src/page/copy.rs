//! The words of the page. What depends on the variant is in [`PageCopy`]; the rest is the same for everybody, so that two
//! variants differ in mood and not in what they promise. Every promise here is one that the system keeps.

use crate::page::variant::Look;

/// The title of a link to the page, the same whichever variant its reader will meet.
pub static LINK_TITLE: &str = "Pushnami · Two looks, one page, honest numbers";

/// The sentence below it.
pub static LINK_DESCRIPTION: &str =
    "Each visitor sees one version of your page and keeps it. What they do is counted once, on your own machines.";

/// What the picture shows, for those who cannot see it.
pub static LINK_PICTURE: &str =
    "White marble in a glowing cube before a striped sun, over a grid that runs to the horizon.";

/// The words of one variant.
#[derive(Debug)]
pub struct PageCopy {
    /// The document's title.
    pub document_title: &'static str,
    /// One sentence for search engines and link previews.
    pub description: &'static str,
    /// The pill in the masthead: the hour it is in this variant.
    pub hour: &'static str,
    /// The small line above the headline.
    pub eyebrow: &'static str,
    /// The headline, in its two lines.
    pub headline: [&'static str; 2],
    /// What this is, in two sentences.
    pub lede: &'static str,
    /// A line in Greek, monotonic: the fonts have no polytonic letters.
    pub motto: &'static str,
    /// The same line in English.
    pub motto_meaning: &'static str,
    /// The first call to action.
    pub cta_primary: &'static str,
    /// The second call to action.
    pub cta_secondary: &'static str,
    /// What the composition on the stage shows, for those who cannot see it.
    pub stage_description: &'static str,
    /// The Greek caption under the stage.
    pub stage_caption: &'static str,
    /// Heading of the features.
    pub features_title: &'static str,
    /// Heading of the numbers.
    pub numbers_title: &'static str,
    /// Heading of the testimonials.
    pub testimonials_title: &'static str,
    /// Heading of the temple that is built up by scrolling.
    pub temple_title: &'static str,
    /// What there is to see.
    pub temple_lede: &'static str,
    /// The temple's Greek inscription.
    pub temple_caption: &'static str,
    /// Its meaning.
    pub temple_meaning: &'static str,
    /// Heading of the contact form.
    pub contact_title: &'static str,
    /// What the contact form is for.
    pub contact_lede: &'static str,
    /// The button of the contact form.
    pub contact_button: &'static str,
    /// The heading after the form was sent.
    pub contact_thanks: &'static str,
    /// The last words of the page.
    pub farewell: &'static str,
}

/// One of the six cards. A click on it is recorded as `feature_<slug>`.
#[derive(Debug)]
pub struct Feature {
    /// Names the card in events and its icon in the sprite.
    pub slug: &'static str,
    /// The card's heading.
    pub title: &'static str,
    /// The promise.
    pub text: &'static str,
    /// How the promise is kept; shown when the card is opened.
    pub inscription: &'static str,
}

/// One of the rings of the numbers section.
#[derive(Debug)]
pub struct Number {
    /// The number itself, final in the markup; the script may count up to it.
    pub value: u32,
    /// What it counts, in a word or a sign.
    pub unit: &'static str,
    /// The claim.
    pub title: &'static str,
    /// The claim in a sentence.
    pub text: &'static str,
    /// How much of the ring is drawn, in hundredths.
    pub ring: u32,
}

/// One voice of the testimonials.
#[derive(Debug)]
pub struct Voice {
    /// The tablet's Roman numeral.
    pub numeral: &'static str,
    /// What was said.
    pub quote: &'static str,
    /// Who said it.
    pub name: &'static str,
    /// What they do, and where.
    pub role: &'static str,
}

impl Look {
    /// The words of this look.
    pub fn copy(self) -> &'static PageCopy {
        match self {
            Self::Neon => &NEON,
            Self::Synthwave => &SYNTHWAVE,
        }
    }
}

static NEON: PageCopy = PageCopy {
    document_title: "Ascend to Olympus · Pushnami",
    description: "Pushnami shows each visitor one version of your page, remembers which, and counts what they do. \
                  On your own machines, in plain numbers.",
    hour: "Dusk on Olympus",
    eyebrow: "Experiments worthy of a pediment",
    headline: ["ASCEND TO", "OLYMPUS"],
    lede: "Two versions of your page climb the same mountain. Pushnami leads every visitor up one path, remembers which, \
           and reports from the summit in numbers you can check.",
    motto: "Δύο δρόμοι, μία κορυφή",
    motto_meaning: "Two roads, one summit",
    cta_primary: "Begin Ascension",
    cta_secondary: "View the Prophecy",
    stage_description: "A marble statue of an orator, wreathed in gold, on its plinth in a cube of light, before a setting sun.",
    stage_caption: "Το μάρμαρο θυμάται",
    features_title: "Six gifts, none of them wooden horses",
    numbers_title: "Carved in stone",
    testimonials_title: "Voices from the foothills",
    temple_title: "It rises while you descend",
    temple_lede: "Scroll, and it is built; scroll back, and it was never there. Each line is worked out in your browser, \
                  and not one byte of it is a picture.",
    temple_caption: "Πέτρα με πέτρα",
    temple_meaning: "Stone by stone",
    contact_title: "Leave an offering",
    contact_lede: "No goats, please. A work address is enough.",
    contact_button: "Place it on the altar",
    contact_thanks: "The mountain has heard you.",
    farewell: "The sun sets. The split still totals one hundred.",
};

static SYNTHWAVE: PageCopy = PageCopy {
    document_title: "Enter the Agora · Pushnami",
    description: "Pushnami settles arguments about your page: two versions, one visitor each, and a count that anybody \
                  can check. On your own machines.",
    hour: "Night in the Agora",
    eyebrow: "Where opinions come to be counted",
    headline: ["ENTER THE", "AGORA"],
    lede: "Everyone in the square has a theory about your page, and nobody has counted. Pushnami gives each visitor one \
           version, tallies what they do, and lets the numbers take the floor.",
    motto: "Ρώτα, μέτρα, μάθε",
    motto_meaning: "Ask, measure, learn",
    cta_primary: "Seek Knowledge",
    cta_secondary: "Read the Scrolls",
    stage_description: "A marble statue of an orator, wreathed in gold, on its plinth in a cube of light, under a rising moon.",
    stage_caption: "Η νύχτα μετράει σωστά",
    features_title: "Six scrolls, short enough to finish",
    numbers_title: "Counted by lamplight",
    testimonials_title: "Overheard under the stoa",
    temple_title: "Every step lays a stone",
    temple_lede: "A city hall that is drawn by those who walk towards it. Each line is worked out in your browser, and not \
                  one byte of it is a picture.",
    temple_caption: "Κάθε βήμα μια πέτρα",
    temple_meaning: "Each step a stone",
    contact_title: "Take the floor",
    contact_lede: "No oratory required. A work address is enough.",
    contact_button: "Address the assembly",
    contact_thanks: "The assembly has heard you.",
    farewell: "The lamps go out. Every vote has been counted once.",
};

/// The six cards, in their order.
pub static FEATURES: [Feature; 6] = [
    Feature {
        slug: "split",
        title: "A fork in the road",
        text: "Send visitors down two paths or twenty. Shares are whole percents and always total one hundred.",
        inscription: "The rule is SHA-256 over visitor and experiment, modulo one hundred. Anyone can check it with a \
                      calculator and a free afternoon.",
    },
    Feature {
        slug: "memory",
        title: "A memory of marble",
        text: "Whoever saw the dusk keeps the dusk, even after you move the split or restart a server.",
        inscription: "The first assignment is written down exactly once, also when two tabs ask in the same instant.",
    },
    Feature {
        slug: "toggles",
        title: "The lever room",
        text: "Rain, glitch, voices, music: pull a lever and the next page obeys. No release, no ritual.",
        inscription: "Levers are read on the server while the page is written, so nothing flickers in and out.",
    },
    Feature {
        slug: "events",
        title: "Scribes who count once",
        text: "Views, clicks, scrolls and forms wait safely until they are stored, and then they count exactly once.",
        inscription: "Every act carries its own id. A repeated delivery is recognised at the gate and kindly turned away.",
    },
    Feature {
        slug: "oracle",
        title: "An oracle in plain numbers",
        text: "Views, clicks and submissions side by side, variant by variant. No vapours, no riddles.",
        inscription: "Rates are shares of visitors, never of clicks, so one excited finger cannot swing the vote.",
    },
    Feature {
        slug: "sanctuary",
        title: "No foreign gods",
        text: "Fonts, scripts and music live in this temple. Your visitors' browsers talk to you and to nobody else.",
        inscription: "Browsers that send Do Not Track or Global Privacy Control get the whole page and leave no footprints.",
    },
];

/// The rings, in their order.
pub static NUMBERS: [Number; 4] = [
    Number {
        value: 100,
        unit: "%",
        title: "of every split",
        text: "accounted for. Ninety-nine is refused, and so is a hundred and one.",
        ring: 100,
    },
    Number {
        value: 365,
        unit: "days",
        title: "of the same answer",
        text: "for the same visitor. Nobody is moved between worlds by a deployment.",
        ring: 100,
    },
    Number {
        value: 150,
        unit: "kB",
        title: "before the first click",
        text: "is all this page may weigh, and a test weighs it.",
        ring: 30,
    },
    Number {
        value: 0,
        unit: "hosts",
        title: "besides this one",
        text: "are asked for anything. The ring is empty on purpose.",
        ring: 0,
    },
];

/// The voices, in their order. They are myths, and the page says so.
pub static VOICES: [Voice; 3] = [
    Voice {
        numeral: "I",
        quote: "I used to push one boulder for ever. Now I push two halves, keep the better one, and am home by six.",
        name: "Sisyphus",
        role: "Head of Growth, Corinth",
    },
    Voice {
        numeral: "II",
        quote: "I always knew which version would win. This is the first time that anybody looked at the dashboard.",
        name: "Cassandra",
        role: "Lead Analyst, Troy",
    },
    Voice {
        numeral: "III",
        quote: "Every night I undid my work by hand. Now there is a toggle for that, and the suitors suspect nothing.",
        name: "Penelope",
        role: "Product Owner, Ithaca",
    },
];
