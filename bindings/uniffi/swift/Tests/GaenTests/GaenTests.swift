import Foundation
import XCTest

@testable import Gaen

final class GaenTests: XCTestCase {
    private let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private let now = Date(timeIntervalSince1970: 1_601_251_200)

    private func demo(_ name: String) -> URL { root.appendingPathComponent("demo/\(name)") }

    private func trusted() throws -> TrustedKeys {
        try TrustedKeys(publicKey: Data(contentsOf: demo("440-v1.pem")), id: "440", version: "v1")
    }

    private func files() -> [ExportFile] { ["day-1.zip", "day-2.zip"].map { .path(path: demo($0).path) } }

    private func cocoa() throws -> AppConfiguration { try AppConfiguration.preset(name: "cocoa-v2", profile: .google) }

    private struct Line: Decodable {
        let rpi: String
        let aem: String
        let rssi: Int8
        let time: Double
        let previous_scan: Double?
    }

    private func bytes(_ hex: String) -> Data {
        let digits = Array(hex)
        return Data(stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! })
    }

    private func rows() throws -> SightingRows {
        var rows = SightingRows()
        for text in try String(contentsOf: demo("sightings.jsonl"), encoding: .utf8).split(separator: "\n") {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            try rows.add(
                identifier: bytes(line.rpi), metadata: bytes(line.aem), rssi: line.rssi,
                time: Date(timeIntervalSince1970: line.time),
                previousScan: line.previous_scan.map { Date(timeIntervalSince1970: $0) })
        }
        return rows
    }

    private func report() throws -> Report {
        try searchBlocking(files: files(), sightings: rows().sightings(), rules: .verified(by: trusted()), observer: nil)
    }

    func testTheThreeAnswers() throws {
        let report = try report()
        XCTAssertEqual(report.matches().count, 9)
        XCTAssertEqual(report.dropped().count, 4)
        XCTAssertFalse(report.isPartial())
        XCTAssertEqual(try report.verdict(configuration: cocoa(), now: now), .notify)
    }

    func testRecordsAreEqualIfTheySayTheSame() throws {
        XCTAssertEqual(try report().matches(), try report().matches())
    }

    func testIntervalsAreNearTheirTimes() throws {
        let matches = try report().matches()
        let heard = matches.map { Int64($0.time.timeIntervalSince1970) / 600 }
        XCTAssertTrue(try near(matches.map(\.interval), heard).allSatisfy { $0 })
    }

    func testASequenceOfProgressEndsWithTheReport() async throws {
        var reports: [Report] = []
        var files: Set<Int64> = []
        for try await event in try searching(files: self.files(), sightings: rows().sightings(), rules: .verified(by: trusted())) {
            switch event {
            case .working(let progress): files.insert(progress.file)
            case .done(let report): reports.append(report)
            }
        }
        XCTAssertEqual(files, [0, 1])
        XCTAssertEqual(reports.map { $0.matches().count }, [9])
    }

    func testAnObserverThatStops() async throws {
        let partial = try await search(files: files(), sightings: rows().sightings(), rules: .verified(by: trusted())) {
            $0.file == 1 ? .stop : .continue
        }
        XCTAssertTrue(partial.isPartial())
        XCTAssertEqual(partial.files().map(\.errorCode), [nil, "cancelled"])
    }

    func testAnObserverThatThrowsEndsTheSearch() async throws {
        struct Mine: Error {}
        do {
            _ = try await search(files: files(), sightings: rows().sightings(), rules: .verified(by: trusted())) { _ in throw Mine() }
            XCTFail("it went on")
        } catch is Mine {}
        XCTAssertEqual(try report().matches().count, 9)
    }

    func testErrorsHaveACodeAndASentence() throws {
        XCTAssertThrowsError(try Sightings.fromRows(Data())) { error in
            XCTAssertEqual((error as? GaenError)?.code, "no_rows")
            XCTAssertEqual(error.localizedDescription, (error as? GaenError)?.text)
        }
    }

    func testObjectsMayBeUsedFromAnyThread() throws {
        let (sightings, rules, configuration) = (try rows().sightings(), SearchRules.verified(by: try trusted()), try cocoa())
        let files = files()
        let now = now
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            let report = try? searchBlocking(files: files, sightings: sightings, rules: rules, observer: nil)
            XCTAssertEqual(try? report?.verdict(configuration: configuration, now: now), .notify)
        }
    }

    func testKnownAnswersAreRight() throws {
        XCTAssertGreaterThan(try selfTest()["official_vectors"] ?? 0, 0)
    }

    func testAStoreKeepsWhatItWasTold() async throws {
        let path = NSTemporaryDirectory() + UUID().uuidString + ".db"
        let store = try Store.openBlocking(path: path, profile: .google)
        try store.insertBlocking(sightings: rows().sightings())
        let found = try await store.search(files: files(), trusted: trusted(), now: now)
        XCTAssertEqual(found.matches().count, 9)
        XCTAssertEqual(try store.checkBlocking(), [])
    }
}
