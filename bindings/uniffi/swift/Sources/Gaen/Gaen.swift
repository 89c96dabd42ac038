// What a Swift developer expects beside what is generated: tasks that can be cancelled, a sequence of progress, and errors
// with a sentence.

import Foundation

extension GaenError {
    /// The name of the error for programs. It stays the same from version to version.
    public var code: String {
        switch self {
        case .Failed(_, let code, _): return code
        }
    }

    /// A sentence for people, in English.
    public var text: String {
        switch self {
        case .Failed(_, _, let text): return text
        }
    }
}

extension GaenError: LocalizedError {
    public var errorDescription: String? { text }
}

extension ObserverError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .Failed(let reason): return reason
        }
    }
}

/// Collects sightings as packed rows, which cross to the library in one piece.
public struct SightingRows: Sendable {
    /// The number of bytes of a packed row.
    public static let rowBytes = 40

    /// The packed rows.
    public private(set) var rows = Data()

    public init() {}

    /// The number of sightings so far.
    public var count: Int { rows.count / Self.rowBytes }

    /// Adds a sighting.
    ///
    /// - Parameters:
    ///   - metadata: As it was heard: four bytes in a well-formed frame, but a scanner hears what anybody sends.
    ///   - previousScan: When the device had scanned before; `nil` if that is not known. Then the scan counts 120 s, and a
    ///     verdict may differ.
    public mutating func add(identifier: Data, metadata: Data, rssi: Int8, time: Date, previousScan: Date?) throws {
        try add(identifier: identifier, metadata: metadata, length: metadata.count, rssi: rssi, time: time, previousScan: previousScan)
    }

    /// Adds what `readFrame` has read.
    public mutating func add(_ heard: Heard, rssi: Int8, time: Date, previousScan: Date?) throws {
        let length = Int(heard.metadataLength)
        try add(identifier: heard.identifier, metadata: heard.metadata, length: length, rssi: rssi, time: time, previousScan: previousScan)
    }

    private mutating func add(
        identifier: Data, metadata: Data, length: Int, rssi: Int8, time: Date, previousScan: Date?
    ) throws {
        let row = count
        let refuse = { (text: String) in GaenError.Failed(argument: .sightings, code: "row", text: "row \(row): \(text)") }
        if identifier.count != 16 { throw refuse("the identifier has \(identifier.count) bytes, not 16") }
        guard let trueLength = UInt8(exactly: length) else { throw refuse("the metadata has \(length) bytes") }
        let previous = previousScan.map { Int64($0.timeIntervalSince1970.rounded(.down)) }
        if let previous, previous < 0 { throw refuse("the previous scan \(previous) is before 1970") }
        rows.append(identifier)
        // Of metadata of a wrong length nothing but the length counts.
        rows.append(length == 4 ? metadata : Data(count: 4))
        rows.append(contentsOf: [trueLength, UInt8(bitPattern: rssi), 0, 0])
        for seconds in [Int64(time.timeIntervalSince1970.rounded(.down)), previous ?? -1] {
            withUnsafeBytes(of: seconds.littleEndian) { rows.append(contentsOf: $0) }
        }
    }

    /// Arranges the sightings for a search. Throws `no_rows` if there are none: use `Sightings.none` if nobody was heard.
    public func sightings() throws -> Sightings { try Sightings.fromRows(rows) }
}

extension Sightings {
    /// Reads packed rows of 40 bytes each, which are copied once: see `fromRowBlock` for what is in a row.
    ///
    /// Throws `no_rows` if there are none, `row_length` if they end within a row, and `row` for the first row that cannot be.
    public static func fromRows(_ rows: Data) throws -> Sightings {
        var block = Data(capacity: SightingRows.rowBytes + rows.count)
        block.append(contentsOf: "gaenrows".utf8)
        withUnsafeBytes(of: UInt64(rows.count).littleEndian) { block.append(contentsOf: $0) }
        block.append(Data(count: SightingRows.rowBytes - block.count))
        block.append(rows)
        return try fromRowBlock(block: block)
    }
}

extension SearchRules {
    /// Rules for files that these keys have signed.
    public static func verified(
        by keys: TrustedKeys, profile: Profile = .google, container: ContainerRule = .strict
    ) -> SearchRules {
        SearchRules(authenticity: .verifiedBy(keys: keys), profile: profile, container: container)
    }
}

/// Two hours in intervals of ten minutes: how far from its interval an identifier may be heard.
public let twoHours: UInt32 = 12

/// Says for each pair of two columns of intervals whether they are at most `within` intervals apart.
public func near(_ a: [Int64], _ b: [Int64], within: UInt32 = twoHours) throws -> [Bool] {
    try nearIntervals(a: a, b: b, within: within)
}

/// Searches files on another thread. When the task is cancelled, the search stops at the next MiB.
///
/// `onProgress` is called on that thread, at least at every MiB of a file and at its end. What it throws ends the search.
public func search(
    files: [ExportFile],
    sightings: Sightings,
    rules: SearchRules,
    onProgress: @escaping @Sendable (SearchProgress) throws -> Next = { _ in .continue }
) async throws -> Report {
    try await observed(onProgress) { observer in
        try searchBlocking(files: files, sightings: sightings, rules: rules, observer: observer)
    }
}

extension Store {
    /// Searches files for what was heard since they were searched, on another thread: see `searchBlocking`.
    public func search(
        files: [ExportFile],
        trusted: TrustedKeys,
        now: Date,
        container: ContainerRule = .strict,
        onProgress: @escaping @Sendable (SearchProgress) throws -> Next = { _ in .continue }
    ) async throws -> Report {
        try await observed(onProgress) { observer in
            try self.searchBlocking(files: files, trusted: trusted, container: container, now: now, observer: observer)
        }
    }
}

/// What `searching` tells.
public enum SearchEvent: Sendable {
    /// The search goes on.
    case working(SearchProgress)
    /// The search has ended.
    case done(Report)
}

/// Searches files: progress first, and the report at the end. Whoever leaves the loop stops the search.
public func searching(
    files: [ExportFile], sightings: Sightings, rules: SearchRules
) -> AsyncThrowingStream<SearchEvent, Error> {
    AsyncThrowingStream { continuation in
        let task = Task {
            do {
                let report = try await search(files: files, sightings: sightings, rules: rules) { progress in
                    continuation.yield(.working(progress))
                    return .continue
                }
                continuation.yield(.done(report))
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
    }
}

/// Runs a search on another thread. It stops when the task is cancelled, and rethrows what `onProgress` throws.
private func observed(
    _ onProgress: @escaping @Sendable (SearchProgress) throws -> Next,
    _ search: @escaping @Sendable (SearchObserver) throws -> Report
) async throws -> Report {
    let observing = Observing(onProgress)
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(with: Result {
                    let report = try search(observing)
                    try observing.rethrow()
                    return report
                })
            }
        }
    } onCancel: {
        observing.cancel()
    }
}

/// A lock guards everything that changes.
private final class Observing: SearchObserver, @unchecked Sendable {
    private let onProgress: @Sendable (SearchProgress) throws -> Next
    private let lock = NSLock()
    private var failure: Error?

    init(_ onProgress: @escaping @Sendable (SearchProgress) throws -> Next) {
        self.onProgress = onProgress
    }

    func progress(progress: SearchProgress) throws -> Next {
        if isOver { return .stop }
        do {
            return try onProgress(progress)
        } catch {
            end(error)
            return .stop
        }
    }

    func cancel() {
        end(CancellationError())
    }

    func rethrow() throws {
        lock.lock()
        defer { lock.unlock() }
        if let failure { throw failure }
    }

    private var isOver: Bool {
        lock.lock()
        defer { lock.unlock() }
        return failure != nil
    }

    private func end(_ error: Error) {
        lock.lock()
        defer { lock.unlock() }
        failure = failure ?? error
    }
}
