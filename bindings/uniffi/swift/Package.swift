// swift-tools-version:5.9
// For a computer with Swift: `cargo build --profile wheel -p gaen-uniffi --features store` in the repository first, then
// `swift test -Xlinker -L../../../target/wheel` here. For iOS see the guide.
import PackageDescription

let package = Package(
    name: "Gaen",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Gaen", targets: ["Gaen"])],
    targets: [
        .systemLibrary(name: "GaenFFI", path: "Sources/GaenFFI/include"),
        .target(name: "Gaen", dependencies: ["GaenFFI"]),
        .testTarget(name: "GaenTests", dependencies: ["Gaen"]),
    ]
)
