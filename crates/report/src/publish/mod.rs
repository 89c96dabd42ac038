//! What is read and shown of publishing a diagnosis: inputs told apart by their content, and a document for each step.

mod batch;
mod check;
mod input;
mod request;

pub use batch::{BatchDocument, Batched, ReceivedUpload, received};
pub use check::{CheckDocument, HeldRow};
pub use input::Input;
pub use request::{CertifyDocument, HmacDocument, RequestDocument};
