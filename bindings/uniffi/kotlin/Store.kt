/** The calls of a store that read or write its file, on a thread for IO. */

package gaen

import java.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

private suspend fun <T> onDisk(work: () -> T): T = withContext(Dispatchers.IO) { work() }

/** Opens the store in this file, or makes one that its owner alone can read: see [Store.Companion.openBlocking]. */
public suspend fun openStore(path: String, profile: Profile = Profile.GOOGLE): Store =
    onDisk { Store.openBlocking(path, profile) }

/** Opens a store that is there, whatever its profile. Fails with `missing` if it is not. */
public suspend fun openExistingStore(path: String): Store = onDisk { Store.openExistingBlocking(path) }

/** Stores these sightings, all or none of them: see [Store.insertBlocking]. */
public suspend fun Store.insert(sightings: Sightings): Unit = onDisk { insertBlocking(sightings) }

/** Imports what another program has heard: see [Store.importBlocking]. */
public suspend fun Store.import(source: ImportSource, path: String): Imported = onDisk { importBlocking(source, path) }

/** Searches files for what was heard since they were searched: see [Store.searchBlocking]. [onProgress] as in [gaen.search]. */
public suspend fun Store.search(
    files: List<ExportFile>,
    trusted: TrustedKeys,
    now: Instant,
    container: ContainerRule = ContainerRule.STRICT,
    onProgress: (SearchProgress) -> Next = { Next.CONTINUE },
): Report = observed(onProgress) { searchBlocking(files, trusted, container, now, it) }

/** Reports all that was found so far: see [Store.reportBlocking]. */
public suspend fun Store.report(): Report = onDisk { reportBlocking() }

/** Says what to broadcast at the time [now]: see [Store.broadcastBlocking]. */
public suspend fun Store.broadcast(now: Instant, txPower: Byte): Broadcast = onDisk { broadcastBlocking(now, txPower) }

/** Releases what may be published at the time [now]: see [Store.releaseBlocking]. */
public suspend fun Store.release(now: Instant, consent: Consent): Release = onDisk { releaseBlocking(now, consent) }

/** Erases what is 14 days old at the time [now]: see [Store.purgeBlocking]. */
public suspend fun Store.purge(now: Instant): Purged = onDisk { purgeBlocking(now) }

/** Erases what is 14 days old, by a clock that is known to be right: see [Store.purgeByThisClockBlocking]. */
public suspend fun Store.purgeByThisClock(now: Instant): Purged = onDisk { purgeByThisClockBlocking(now) }

/** Erases all own keys, as when the user asks for it. */
public suspend fun Store.eraseOwnKeys(): Unit = onDisk { eraseOwnKeysBlocking() }

/** Counts how much there is of each. */
public suspend fun Store.counts(): Counts = onDisk { countsBlocking() }

/** Writes an encrypted backup into a new file: see [Store.backUpBlocking]. */
public suspend fun Store.backUp(to: BackupKey, path: String): Unit = onDisk { backUpBlocking(to, path) }

/** Adds a backup to what is in the store: see [Store.restoreBlocking]. */
public suspend fun Store.restore(from: BackupKey, path: String): Restored = onDisk { restoreBlocking(from, path) }

/** Reads every page and says what is wrong. The list is empty if the store is sound. */
public suspend fun Store.check(): List<String> = onDisk { checkBlocking() }
