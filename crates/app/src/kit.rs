//! The conformance kit.

use crate::error::{Error, ErrorKind};

/// Answers a request of the conformance kit, as `gaen self-test --answer` does: JSON in, JSON out, one line each.
///
/// `test-vectors/exposures/README.md` has the form of both. A binding that answers all requests computes what the library does.
///
/// # Errors
/// `request`, with what is wrong with the request.
pub fn kit_answer(request: &str) -> Result<String, Error> {
    let wrong = |message: String| Error::new(ErrorKind::Request, "request", message);
    let request = serde_json::from_str(request).map_err(|error| wrong(error.to_string()))?;
    gaen_report::kit::answer(&request).map(|answer| answer.to_string()).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_cannot_be_is_refused() {
        let told = |request| kit_answer(request).unwrap_err().to_string();
        assert_eq!(told("{\"format\": 1}"), "format 1: only format 2 is known");
        assert!(told("{").starts_with("EOF"));
    }

    #[test]
    fn a_case_is_answered_as_expected() {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../../test-vectors/exposures/cases/revisions.json")).unwrap();
        let case = &file["cases"][0];
        let mut request = case.clone();
        request["format"] = file["format"].clone();
        let answer: serde_json::Value = serde_json::from_str(&kit_answer(&request.to_string()).unwrap()).unwrap();
        let expected: Vec<_> = case["steps"].as_array().unwrap().iter().map(|step| step["expected"].clone()).collect();
        assert_eq!(answer, serde_json::Value::Array(expected));
    }
}
