mod archive;
mod export_bin;
mod frame;
mod reading;
mod scan;
mod signature_list;

pub use archive::archive;
pub use export_bin::export_bin;
pub use frame::frame;
pub use scan::scan;
pub use signature_list::signature_list;
