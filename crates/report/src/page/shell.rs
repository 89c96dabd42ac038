//! The page around the content: what the browser may do, the style, and the choice of the language.

use base64ct::{Base64, Encoding};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::ReportInput;
use super::story::Story;
use super::words::{Words, each};
use super::{calendar, days, extras, numbers, verdict};
use crate::Language;
use crate::text::printable;

pub(super) const STYLE: &str = include_str!("style.css");

pub(super) fn page(input: &ReportInput<'_>) -> Markup {
    let story = Story::new(input);
    let languages: Vec<_> = input.languages.iter().map(|language| language.words()).collect();
    let body = html! {
        a.skip href="#content" {
            @for language in &languages {
                span lang=(language.code()) { (language.labels().skip) }
            }
        }
        @if languages.len() > 1 { header { (switch(&languages)) } }
        main id="content" tabindex="-1" {
            @for language in &languages {
                div lang=(language.code()) { (head(input, &story, *language)) }
            }
            (section("days", &each(&languages, |language| html! { (language.labels().days) }), &days::days(input, &story, &languages)))
            @if !story.days.is_empty() {
                (section("numbers", &each(&languages, |language| html! { (language.labels().numbers_heading) }), &numbers::numbers(input, &story, &languages)))
            }
            @for language in &languages {
                div lang=(language.code()) { (rest(input, &story, *language)) }
            }
        }
        footer {
            @for language in &languages {
                p lang=(language.code()) {
                    (language.labels().made_by) "gaen " (env!("CARGO_PKG_VERSION"))
                }
            }
        }
    };
    document(input, &body)
}

/// The verdict and the days, in the first language.
pub(super) fn summary(input: &ReportInput<'_>) -> Markup {
    let (story, language) = (Story::new(input), first(input));
    let body = html! {
        main {
            p.quiet { (verdict::made(input, language)) }
            (verdict::verdict(input, &story, language))
            @if !story.days.is_empty() {
                (section("days", &html! { (language.labels().days) }, &days::days(input, &story, &[language])))
            }
        }
    };
    document(input, &body)
}

/// The language in which a page opens.
fn first(input: &ReportInput<'_>) -> &'static dyn Words {
    input.languages.first().copied().unwrap_or(Language::English).words()
}

fn document(input: &ReportInput<'_>, body: &Markup) -> Markup {
    let language = first(input);
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (title(input, language)) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

/// Nothing may be loaded, run or sent; the one style is known by its hash.
pub(super) fn policy() -> String {
    let hash = Base64::encode_string(&Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// Radio buttons, which work without a script: the style sheet shows what belongs to the one that is chosen.
fn switch(languages: &[&dyn Words]) -> Markup {
    html! {
        fieldset.switch {
            legend {
                @for (number, language) in languages.iter().enumerate() {
                    @if number > 0 { " / " }
                    span lang=(language.code()) { (language.labels().language) }
                }
            }
            @for (number, language) in languages.iter().enumerate() {
                span {
                    input type="radio" name="language" id={ "language-" (language.code()) } checked[number == 0];
                    label for={ "language-" (language.code()) } lang=(language.code()) { (language.labels().name) }
                }
            }
        }
    }
}

fn title(input: &ReportInput<'_>, language: &dyn Words) -> String {
    input.title.map_or_else(|| language.labels().title.to_owned(), |title| printable(title).into_owned())
}

/// What comes before the days: the verdict, what there is on the page, and the calendar.
fn head(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    let labels = language.labels();
    html! {
        h1 { (title(input, language)) }
        p.quiet { (verdict::made(input, language)) }
        (verdict::verdict(input, story, language))
        nav aria-label=(labels.contents) {
            ul {
                li { a href={ "#" (id("calendar", language)) } { (labels.calendar) } }
                li { a href="#days" { (labels.days) } }
                @if !story.days.is_empty() { li { a href="#numbers" { (labels.numbers_heading) } } }
                @for (name, heading, _) in &sections(input, story, language) {
                    li { a href={ "#" (id(name, language)) } { (heading) } }
                }
            }
        }
        (section(&id("calendar", language), &html! { (labels.calendar) }, &calendar::calendar(input, story, language)))
    }
}

/// What comes after the days.
fn rest(input: &ReportInput<'_>, story: &Story<'_>, language: &dyn Words) -> Markup {
    html! {
        @for (name, heading, content) in &sections(input, story, language) {
            (section(&id(name, language), &html! { (heading) }, content))
        }
    }
}

fn sections(
    input: &ReportInput<'_>,
    story: &Story<'_>,
    language: &dyn Words,
) -> [(&'static str, &'static str, Markup); 5] {
    let labels = language.labels();
    [
        ("near-misses", labels.near_misses, extras::near_misses(input, story, language)),
        ("basis", labels.basis, verdict::basis(input, story, language)),
        ("files", labels.files, extras::files(input, language)),
        ("limits", labels.limits_heading, extras::limits(input, language)),
        ("glossary", labels.glossary_heading, extras::glossary(language)),
    ]
}

fn id(name: &str, language: &dyn Words) -> String {
    format!("{}-{name}", language.code())
}

fn section(id: &str, heading: &Markup, content: &Markup) -> Markup {
    html! {
        section.part id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) }
            (content)
        }
    }
}
