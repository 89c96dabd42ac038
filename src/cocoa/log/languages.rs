//! How phones write a date and a time of day in words, by language.
//!
//! Source: Unicode CLDR, release 36 (October 2019, that of Android 11; npm `cldr-dates-full` 36.0.0): names of months
//! in dates, halves of the day and the words of long dates; the words for "at" also of later releases. The languages
//! are those of the countries whose apps used exposure notifications. A log has the long date and the short time of its
//! phone's language, each of which has its own pattern.

/// One language's dates in words. All texts are in lower case, and words have no points at their end.
pub(super) struct Language {
    /// Its code in CLDR, as it is found there.
    #[cfg(test)]
    pub(super) code: &'static str,
    /// `d`, or `d.` where a point follows the day.
    pub(super) day: &'static str,
    /// January first, with `|` between the names of one month.
    months: &'static str,
    /// Words beside the names of months, which say nothing.
    words: &'static str,
    /// What stands for a.m., and what for p.m., beside these two themselves.
    halves: [&'static str; 2],
}

/// A half of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

/// What a word of a date means.
pub(super) enum Meaning {
    Month(u8),
    Half(Half),
    Nothing,
}

impl Language {
    /// What a word in lower case means; `None` if the language has no such word in a date.
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        let is_one_of = |words: &str| words.split_whitespace().any(|other| other == word);
        let named = |names: &str| names.split('|').any(|name| name == word);
        // In Welsh `am` is "at", so that its own words come first.
        if is_one_of(self.words) {
            return Some(Meaning::Nothing);
        }
        let [morning, afternoon] = self.halves;
        match word {
            _ if is_one_of(morning) => return Some(Meaning::Half(Half::Morning)),
            _ if is_one_of(afternoon) => return Some(Meaning::Half(Half::Afternoon)),
            "am" | "a.m." => return Some(Meaning::Half(Half::Morning)),
            "pm" | "p.m." => return Some(Meaning::Half(Half::Afternoon)),
            _ => {}
        }
        (1..)
            .zip(self.months.split_whitespace())
            .find_map(|(month, names)| named(names).then_some(Meaning::Month(month)))
    }
}

macro_rules! languages {
    ($($code:literal $day:literal [$months:literal] $words:literal $morning:literal $afternoon:literal;)*) => {
        &[$(Language {
            #[cfg(test)]
            code: $code,
            day: $day,
            months: $months,
            words: $words,
            halves: [$morning, $afternoon],
        },)*]
    };
}

/// Code, day, months, words, a.m. and p.m.
#[rustfmt::skip]
pub(super) const LANGUAGES: &[Language] = languages! {
    "ar" "d" ["يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"] "في" "ص" "م";
    "be" "d" ["студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня"] "г у" "" "";
    "bg" "d" ["януари февруари март април май юни юли август септември октомври ноември декември"] "г ч в" "" "";
    "bs" "d." ["januar februar mart april maj juni juli august septembar oktobar novembar decembar"] "u" "prijepodne" "popodne";
    "ca" "d" ["gener febrer març abril maig juny juliol agost setembre octubre novembre desembre"] "d de del a les" "" "";
    "cs" "d." ["ledna února března dubna května června července srpna září října listopadu prosince"] "v" "dop" "odp";
    "cy" "d" ["ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr"] "am" "" "";
    "da" "d." ["januar februar marts april maj juni juli august september oktober november december"] "kl" "" "";
    "de" "d." ["januar|jänner|jan februar|feb märz|mär april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov dezember|dez"] "um" "" "";
    "el" "d" ["ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου"] "στις" "π.μ." "μ.μ.";
    "en" "d" ["january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec"] "at" "" "";
    "es" "d" ["enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre"] "de del a las" "" "";
    "et" "d." ["jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember"] "kell" "" "";
    "eu" "d" ["urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren urriaren azaroaren abenduaren"] "e ko a" "" "";
    "fi" "d." ["tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta"] "klo" "ap" "ip";
    "fo" "d." ["januar februar mars apríl mai juni juli august september oktober november desember"] "kl" "" "";
    "fr" "d" ["janvier février mars avril mai juin juillet août septembre octobre novembre décembre"] "à er" "" "";
    "ga" "d" ["eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa meán deireadh samhain nollaig"] "fómhair ag" "r.n." "i.n.";
    "gl" "d" ["xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro"] "de do ás" "" "";
    "hr" "d." ["siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca"] "u" "" "";
    "hu" "d." ["január február március április május június július augusztus szeptember október november december"] "" "de" "du";
    "is" "d." ["janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember"] "kl" "f.h." "e.h.";
    "it" "d" ["gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"] "alle ore" "" "";
    "kk" "d" ["қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"] "ж" "" "";
    "lt" "d" ["sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio"] "m d" "priešpiet" "popiet";
    "lv" "d." ["janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris"] "gada plkst" "priekšp" "pēcp";
    "mk" "d" ["јануари февруари март април мај јуни јули август септември октомври ноември декември"] "г во" "претпл" "попл";
    "mt" "d" ["jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru"] "ta fil" "" "";
    "nb" "d." ["januar februar mars april mai juni juli august september oktober november desember"] "kl" "f.m." "e.m.";
    "nl" "d" ["januari februari maart april mei juni juli augustus september oktober november december"] "om" "" "";
    "pl" "d" ["stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"] "o" "" "";
    "pt" "d" ["janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"] "de às" "" "";
    "rm" "d" ["schaner favrer mars avrigl matg zercladur fanadur avust settember october november december"] "da d las" "" "";
    "ro" "d" ["ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie"] "la" "" "";
    "ru" "d" ["января февраля марта апреля мая июня июля августа сентября октября ноября декабря"] "г в" "" "";
    "sk" "d." ["januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra"] "o" "" "";
    "sl" "d." ["januar februar marec april maj junij julij avgust september oktober november december"] "ob" "dop" "pop";
    "sq" "d" ["janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor"] "në" "p.d." "m.d.";
    "sr" "d." ["јануар фебруар март април мај јун јул август септембар октобар новембар децембар"] "у подне" "пре" "по";
    "sr-Latn" "d." ["januar februar mart april maj jun jul avgust septembar oktobar novembar decembar"] "u podne" "pre" "po";
    "sv" "d" ["januari februari mars april maj juni juli augusti september oktober november december"] "kl" "fm" "em";
    "tr" "d" ["ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık"] "" "öö" "ös";
    "uk" "d" ["січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"] "р о" "дп" "пп";
    // Months are numbers in Japanese, Chinese and Korean.
    "ja zh ko" "d" [""] "年 月 日 년 월 일" "午前 上午 오전" "午後 下午 오후";
};

#[cfg(test)]
mod tests {
    use super::super::{CheckTime, TimeReading};
    use super::*;

    fn months(language: &Language) -> impl Iterator<Item = (u8, &'static str)> {
        (1..)
            .zip(language.months.split_whitespace())
            .flat_map(|(month, names)| names.split('|').map(move |name| (month, name)))
    }

    #[test]
    fn a_language_has_twelve_months_or_none() {
        for language in LANGUAGES {
            assert!([0, 12].contains(&language.months.split_whitespace().count()), "{}", language.code);
            for (month, name) in months(language) {
                assert!(matches!(language.meaning(name), Some(Meaning::Month(found)) if found == month), "{name}");
                assert_eq!(name.to_lowercase(), name);
            }
            assert!(language.meaning("monday").is_none());
        }
    }

    #[test]
    fn every_month_is_read_in_a_date_of_its_language() {
        for language in LANGUAGES {
            for (month, name) in months(language) {
                let text = format!("{} {name} 2021 07:30", language.day.replace('d', "9"));
                let local = format!("2021-{month:02}-09 07:30").parse().unwrap();
                assert_eq!(
                    CheckTime::new(&text).reading(),
                    Some(TimeReading::Local(local)),
                    "{}: {text}",
                    language.code
                );
            }
        }
    }

    /// Croatian's October is Polish's November. No other name is that of two months.
    #[test]
    fn one_name_is_that_of_two_months() {
        let all: Vec<_> =
            LANGUAGES.iter().flat_map(|language| months(language).map(|found| (language.code, found))).collect();
        let mut shared: Vec<_> = Vec::new();
        for (code, (month, name)) in &all {
            shared.extend(
                all.iter().filter(|(_, (other, same))| same == name && other != month).map(|_| (*code, *month, *name)),
            );
        }
        assert_eq!(shared, [("hr", 10, "listopada"), ("pl", 11, "listopada")]);
    }
}
