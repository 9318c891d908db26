//! How alike two names are, whatever script, diacritics, order or spelling they come in.
//!
//! A name becomes a list of words, each in all its spellings: as it is read, in ASCII, and as machine-readable zones write
//! it (`spelling` says how). Apostrophes are no part of a word.
//!
//! Two words are as alike as their Jaro-Winkler similarity says (Winkler 1990, as `strsim` computes it: prefix scale 0.1,
//! 0 to 1), taken over all spellings. Two lists are as alike as the shorter one is covered by the longer one: each of
//! its words is given to another word of the longer, and the similarities are averaged by the words' lengths. So a middle
//! name that only one side has costs nothing, and neither does the order.
//!
//! But `De` is not `De la Cruz`: how much of the longer one has a word in the shorter one is told beside the likeness.

use strsim::jaro_winkler;
use unicode_normalization::UnicodeNormalization as _;

use crate::spelling;

/// How many words of a name are looked at.
const LIMIT_WORDS: usize = 16;

/// How many neighbours are tried as one word.
const LIMIT_JOINED: usize = 3;

/// Which share of the longer name's letters the shorter one has to have at least. `Ada` for `Augusta Ada King` is usual,
/// and so is one surname of two or three.
const LEAST_COVERED: f64 = 0.2;

/// Words that stand before names and are none: by themselves they tell nobody from anybody.
const PARTICLES: [&str; 31] = [
    "af", "al", "av", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du",
    "e", "el", "ibn", "la", "las", "le", "los", "ten", "ter", "van", "von", "y", "zu", "zur",
];

/// One word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    plain: String,
    /// As zones spell it, where that differs: [`spelling::in_zones`].
    zones: Vec<String>,
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    text.split(|letter: char| !is_part_of_word(letter)).filter_map(Word::new).take(LIMIT_WORDS).collect()
}

/// The words of a text as one normalised text: `Côte d'Ivoire` is `cote divoire`.
pub fn normalised(text: &str) -> String {
    words(text).into_iter().map(|word| word.plain).collect::<Vec<_>>().join(" ")
}

fn is_part_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_apostrophe(letter) || unicode_normalization::char::is_combining_mark(letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´')
}

impl Word {
    fn new(text: &str) -> Option<Self> {
        let text: String = text.nfkc().filter(|letter| !is_apostrophe(*letter)).collect();
        let plain = spelling::plain(&text);
        (!plain.is_empty()).then(|| Self { zones: spelling::in_zones(&text), plain })
    }

    fn length(&self) -> usize {
        self.plain.len()
    }

    fn is_particle(&self) -> bool {
        PARTICLES.contains(&self.plain.as_str())
    }

    /// All spellings.
    fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.plain).chain(&self.zones).map(String::as_str)
    }

    /// The spelling in zones of the language at `index`.
    fn in_zone(&self, index: usize) -> &str {
        self.zones.get(index).or(self.zones.first()).unwrap_or(&self.plain)
    }

    fn likeness(&self, other: &Self) -> f64 {
        self.spellings()
            .flat_map(|own| other.spellings().map(move |others| jaro_winkler(own, others)))
            .fold(0.0, f64::max)
    }

    /// Several words as one: a name is written in one language.
    fn joined(parts: &[Self]) -> Self {
        let plain: String = parts.iter().map(|part| part.plain.as_str()).collect();
        let languages = parts.iter().map(|part| part.zones.len()).max().unwrap_or(0);
        let zones = (0..languages).map(|index| parts.iter().map(|part| part.in_zone(index)).collect()).collect();
        Self { zones: spelling::merged(&plain, zones), plain }
    }
}

/// How alike two lists of words are, 0 to 1. Where one side has a single word, all words of the other have to be covered:
/// a first name alone is nobody's name.
pub fn likeness(one: &[Word], other: &[Word]) -> f64 {
    let (one, other) = (join_as_in(one, other), join_as_in(other, one));
    let (shorter, longer) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    if shorter.len() == 1 { given(longer, shorter).likeness } else { given(shorter, longer).likeness }
}

/// How two names, or two parts of them, go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// How alike they are, 0 to 1: as the shorter one is covered by the longer one.
    pub likeness: f64,
    /// How many of the longer one's letters have a word in the shorter one, 0 to 1. Particles don't count.
    pub covered: f64,
}

impl Comparison {
    /// The shorter list is covered by the longer one, even where it is a single word.
    fn of(one: &[Word], other: &[Word]) -> Self {
        let (one, other) = (join_as_in(one, other), join_as_in(other, one));
        let (shorter, longer) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
        let given = given(shorter, longer);
        Self { likeness: given.likeness, covered: share_of_taken(longer, &given.taken) }
    }

    /// What holds for both.
    fn and(self, other: Self) -> Self {
        Self { likeness: self.likeness.min(other.likeness), covered: self.covered.min(other.covered) }
    }

    /// The one that makes the better case.
    fn or(self, other: Self) -> Self {
        let better = self.likeness.total_cmp(&other.likeness).then(self.covered.total_cmp(&other.covered)).is_ge();
        if better { self } else { other }
    }

    /// Whether the shorter one has next to nothing of the longer one: whoever is called by the one need not be the other.
    pub fn is_thin(self) -> bool {
        self.covered < LEAST_COVERED
    }
}

fn share_of_taken(longer: &[Word], taken: &[bool]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (word, taken) in longer.iter().zip(taken).filter(|(word, _)| !word.is_particle()) {
        total += weight(word);
        sum += if *taken { weight(word) } else { 0.0 };
    }
    if total > 0.0 { sum / total } else { 1.0 }
}

/// Neighbours that are one word in `other` become one word: `Anne Marie` beside `Annemarie`, `van der Berg` beside
/// `Vanderberg`.
fn join_as_in(list: &[Word], other: &[Word]) -> Vec<Word> {
    let mut result = Vec::with_capacity(list.len());
    let mut at = 0;
    while at < list.len() {
        let most = LIMIT_JOINED.min(list.len() - at);
        let joined = (2..=most).rev().find_map(|count| {
            let joined = Word::joined(&list[at..at + count]);
            other
                .iter()
                .any(|word| word.spellings().any(|text| joined.spellings().any(|own| own == text)))
                .then_some((joined, count))
        });
        let (word, count) = joined.unwrap_or_else(|| (list[at].clone(), 1));
        result.push(word);
        at += count;
    }
    result
}

/// What came of giving each word of a list to a word of another.
struct Given {
    /// The mean likeness of the pairs, by the length of the list's words; a word that is left over counts 0.
    likeness: f64,
    /// Which words of the other list were taken.
    taken: Vec<bool>,
}

/// Gives each word of `list` to a word of `by`, the likest pairs first.
fn given(list: &[Word], by: &[Word]) -> Given {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (row, word) in list.iter().enumerate() {
        pairs.extend(by.iter().enumerate().map(|(column, other)| (word.likeness(other), row, column)));
    }
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let (mut given, mut taken) = (vec![false; list.len()], vec![false; by.len()]);
    let mut sum = 0.0;
    for (likeness, row, column) in pairs {
        if !given[row] && !taken[column] {
            (given[row], taken[column]) = (true, true);
            sum += likeness * weight(&list[row]);
        }
    }
    let total: f64 = list.iter().map(weight).sum();
    Given { likeness: if total > 0.0 { (sum / total).clamp(0.0, 1.0) } else { 0.0 }, taken }
}

fn weight(word: &Word) -> f64 {
    f64::from(u32::try_from(word.length()).unwrap_or(u32::MAX))
}

/// A person's name, as far as its parts are told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Given names; the whole name where the parts are not told apart.
    given: Vec<Word>,
    /// The family name.
    family: Vec<Word>,
}

impl PersonName {
    /// A name of two parts, of which one may be empty.
    pub fn new(given: &str, family: &str) -> Self {
        Self { given: words(given), family: words(family) }
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty() && self.family.is_empty()
    }

    /// All its words.
    pub fn words(&self) -> Vec<Word> {
        self.given.iter().chain(&self.family).cloned().collect()
    }

    /// How two names go together. Where both tell their parts apart, the less alike part decides, so that a family name is
    /// never made up for by given names; the parts may be swapped.
    pub fn compare(&self, other: &Self) -> Comparison {
        let parts = [&self.given, &self.family, &other.given, &other.family];
        if parts.iter().any(|part| part.is_empty()) {
            return self.compare_whole(other, &parts);
        }
        let straight = Comparison::of(&self.given, &other.given).and(Comparison::of(&self.family, &other.family));
        let swapped = Comparison::of(&self.given, &other.family).and(Comparison::of(&self.family, &other.given));
        straight.or(swapped)
    }

    /// All words of both. A part of nothing but particles is no part of a name that has more words.
    fn compare_whole(&self, other: &Self, parts: &[&Vec<Word>]) -> Comparison {
        let (own, others) = (self.words(), other.words());
        let covered = Comparison::of(&own, &others).covered;
        let idle = parts.iter().any(|part| !part.is_empty() && part.iter().all(Word::is_particle));
        let covered = if idle && covered < 1.0 { 0.0 } else { covered };
        Comparison { likeness: likeness(&own, &others), covered }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compare((given, family): (&str, &str), (other_given, other_family): (&str, &str)) -> Comparison {
        PersonName::new(given, family).compare(&PersonName::new(other_given, other_family))
    }

    fn persons((given, family): (&str, &str), (other_given, other_family): (&str, &str)) -> f64 {
        compare((given, family), (other_given, other_family)).likeness
    }

    #[test]
    fn texts_are_normalised() {
        for (text, expected) in [
            ("Müller", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("O’Brien", "obrien"),
            ("Côte d'Ivoire", "cote divoire"),
            ("  Anne-Marie<<Łukasz ", "anne marie lukasz"),
            ("Владимир", "vladimir"),
            ("Nguyễn Văn Än", "nguyen van an"),
            ("İstanbul", "istanbul"),
            ("ﬁne", "fine"),
            ("李", "li"),
            ("\u{301}", ""),
            ("--", ""),
        ] {
            assert_eq!(normalised(text), expected, "{text}");
        }
    }

    #[test]
    fn the_same_person_in_other_words() {
        for (declared, document) in [
            (("Ada", "Lovelace"), ("ADA", "LOVELACE")),
            (("Ada", "Lovelace"), ("AUGUSTA ADA KING", "LOVELACE")),
            (("Ada", "King Lovelace"), ("AUGUSTA ADA", "LOVELACE")),
            (("Anna Maria", "Eriksson"), ("ANNA", "ERIKSSON")),
            (("Lovelace", "Ada"), ("ADA", "LOVELACE")),
            (("Jürgen", "Müßig"), ("JUERGEN", "MUESSIG")),
            (("Jürgen", "Müßig"), ("Jurgen", "Mussig")),
            (("Bjørn", "Åkesson"), ("BJOERN", "AAKESSON")),
            (("Annemarie", "van der Berg"), ("ANNE MARIE", "VANDERBERG")),
            (("Seán", "O'Brien"), ("SEAN", "OBRIEN")),
            (("Владимир", "Кестрельман"), ("VLADIMIR", "KESTRELMAN")),
            (("An", "Nguyễn Văn"), ("VAN AN", "NGUYEN")),
            (("小龙", "李"), ("XIAOLONG", "LI")),
            (("Gabriel", "García"), ("GABRIEL JOSE", "GARCIA MARQUEZ")),
            (("Юлия", "Щербакова"), ("IULIIA", "SHCHERBAKOVA")),
            (("Илья", "Яковлев"), ("ILIA", "IAKOVLEV")),
            (("Илья", "Яковлев"), ("Ilya", "Yakovlev")),
            (("Ольга", "Гнатюк"), ("OLHA", "HNATIUK")),
            (("Юлія", "Євтушенко"), ("YULIIA", "YEVTUSHENKO")),
            (("Ігар", "Сяргейчык"), ("IHAR", "SIARHEICHYK")),
            (("Алёна", "Аляксееўна"), ("ALIONA", "ALIAKSEEUNA")),
            (("Горан", "Цветковић"), ("HORAN", "CVETKOVIC")),
            (("Ѓорѓи", "Џафер"), ("GJORGJI", "DJAFER")),
            (("Ана Юлия", "Ан"), ("ANAIULIIA", "AN")),
            (("Ana", "Cruz"), ("ANA", "DE LA CRUZ")),
            (("Wim", "de Lange"), ("WIM", "LANGE")),
            (("Văn An", "Lê"), ("VAN AN", "LE")),
        ] {
            let comparison = compare(declared, document);
            assert!(comparison.likeness > 0.999 && !comparison.is_thin(), "{declared:?} {document:?}: {comparison:?}");
        }
    }

    #[test]
    fn particles_and_a_small_share_are_not_the_name() {
        for (declared, document) in [
            (("Ana", "De"), ("ANA", "DE LA CRUZ")),
            (("Ana", "de la"), ("ANA MARIA", "DE LA CRUZ")),
            (("Ana", "De"), ("Ana De La Cruz", "")),
            (("De", "Ana"), ("ANA", "DE LA CRUZ")),
            (("van", "Berg"), ("VAN DER WIM", "BERG")),
            (("Ana", "Li"), ("ANA", "LI HERNANDEZ")),
            (("Ana", "Cruz"), ("ANA", "CRUZ HERNANDEZ MARTINEZ")),
        ] {
            let comparison = compare(declared, document);
            assert!(comparison.likeness > 0.999 && comparison.is_thin(), "{declared:?} {document:?}: {comparison:?}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_close_and_another_person_is_not() {
        for (declared, document, least, most) in [
            (("Jon", "Smith"), ("JOHN", "SMITH"), 0.88, 0.99),
            (("Erik", "Ericsson"), ("ERIK", "ERIKSSON"), 0.88, 0.99),
            (("Maria", "Anna"), ("ANNA MARIA", "SCHMIDT"), 0.0, 0.75),
            (("Ada", "Lovelace"), ("ADA", "BYRON"), 0.0, 0.75),
            (("Ada", "Lovelace"), ("GRACE", "HOPPER"), 0.0, 0.6),
            (("Ada", "Ada"), ("ADA", "LOVELACE"), 0.0, 0.75),
            (("J", "Smith"), ("JOHN", "SMITH"), 0.75, 0.88),
        ] {
            let likeness = persons(declared, document);
            assert!((least..=most).contains(&likeness), "{declared:?} {document:?}: {likeness}");
        }
    }

    #[test]
    fn a_name_in_one_piece_needs_more_than_one_word_in_common() {
        assert!(persons(("Ada", "Lovelace"), ("Lovelace Ada", "")) > 0.999);
        assert!(persons(("Ada", "Lovelace"), ("Ada", "")) < 0.75);
        assert!(persons(("Ada", "Lovelace"), ("", "")).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn it_is_a_share(one in "\\PC{0,30}", two in "\\PC{0,30}", three in "\\PC{0,30}", four in "\\PC{0,30}") {
            let likeness = persons((&one, &two), (&three, &four));
            prop_assert!((0.0..=1.0).contains(&likeness));
        }

        #[test]
        fn a_name_is_like_itself_in_any_order(given in "[A-Z][a-z]{1,9}", family in "[A-Z][a-zäöüß]{1,9}") {
            prop_assert!(persons((&given, &family), (&given, &family)) > 0.999);
            prop_assert!(persons((&given, &family), (&family, &given)) > 0.999);
        }
    }
}
