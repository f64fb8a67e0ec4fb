import type { Role } from './role.ts'

/** Cases that do not hold over some roles. */
interface Exceptions {
  readonly why: string
  /** Roles by the name of the case, which may be a template of `it.each`. */
  readonly cases: Readonly<Record<string, string>>
}

/**
 * The only cases of the core's public contract that are not run over each role, by the reason (K1). `alone` has none. A test
 * looks whether each is a case.
 */
export const EXCEPTIONS: readonly Exceptions[] = [
  {
    why: "K1: activity, counters, events and reports tell of the member's own calls; those of the group are another cache's",
    cases: {
      'A10: many changes of a turn are told once, and those of the next turn once more': 'leader',
      'A10: the list and its elements keep their references while nothing but activity changes':
        'follower hub',
      'A2: subscribes when somebody does, to what it was attached to last, and is told of changes': 'leader',
      'A6, A10: a select that reads activity is told of it, by one subscription an id': 'follower hub',
      'A6: an activity field that was read before has it told of activity from the start': 'follower hub',
      'A6: reading a field of activity later tells the observer of activity from then on, by one subscription':
        'follower hub',
      'F4: `action: undefined` is an update': 'follower hub',
      'F4: also if the cache has the id, in no running call (%o)': 'follower hub',
      'F4: entries are applied whatever their neighbours are': 'follower hub',
      'F4: fails with `missing: "fail"`, INVALID_RESPONSE': 'follower hub',
      'F4: for an id that nobody asked for it is reported with the id': 'follower hub',
      'F4: is ignored and reported, and fails nobody': 'follower hub',
      'F4: is ignored if the id is in another running call': 'leader follower hub',
      'F4: is unchanged by default, which is a success': 'follower hub',
      'F4: with `missing: "delete"` an empty answer removes all': 'leader follower hub',
      'F4: without a usable id (%s) it is only reported': 'follower hub',
      'F7: a throw at %s leaves the cache usable': 'follower hub',
      'F7: an error of the sync function is the item’s, and is not reported': 'leader follower hub',
      'F7: is reported to the runtime, and the others are called': 'follower hub',
      'F7: random that throws is reported, and counts as 0': 'follower hub',
      'F7: the state is as without it': 'leader follower hub',
      'O1: a status follows a local update and a sync': 'hub',
      'O1: after a stop the snapshot tells no time of a request that is dropped': 'leader follower hub',
      'O1: changedAt is when the item last got a new value, whoever gave it': 'leader',
      'O1: error and failureCount are of the last settled sync, and go with a success': 'leader follower hub',
      'O1: every change makes another object': 'follower hub',
      'O1: isRefreshing ends with a failure and with a timeout, too': 'leader follower hub',
      'O1: isRefreshing is true in a running sync call, and only there': 'leader follower hub',
      'O1: unchangedCount counts the syncs in a row that changed nothing': 'follower hub',
      'O2: a listener with activity is called exactly where the snapshot of a turn is another one': 'hub',
      'O2: tells nobody while the call runs': 'leader follower hub',
      'O2: with activity a listener is told of a nextRefreshAt that moves': 'leader',
      'O2: with activity a listener is told when a call starts, and when it settles': 'leader follower hub',
      'O3, F7: by equals it counts as a change': 'leader',
      'O3, F7: by isTerminal it counts as false, and is reported': 'follower hub',
      'O3, S16: by interval it is a failure of the item': 'leader follower hub',
      'O3, S7: by createBatches the default batches are used': 'follower hub',
      'O3: ${name} may do nothing else: REENTRANT at once, and nothing happened': 'leader follower hub',
      'O7: ${name} may unsubscribe, release, abort and write to another cache': 'leader',
      "O7: an abort of start's signal stops the cache": 'leader follower hub',
      'T1: a call that hangs for ever does not stop the others': 'leader',
      'T1: all slots hang, all come free': 'follower hub',
      'T1: each call has its own': 'hub',
      'T1: is counted and told as a failed call': 'follower hub',
      'T1: is free at once': 'follower hub',
      'T1: is ignored: the abort of a fetch that follows the signal is no second failure': 'follower hub',
      'T1: it does not settle the next call of the same id': 'leader follower hub',
      'T1: its responses are not even read': 'follower hub',
      'events: a listener sees the state that the event tells of': 'leader follower hub',
      'events: after sync-settled the next refresh is scheduled': 'leader follower hub',
      'events: in the order in which things happened': 'follower hub',
      'events: sync-settled comes after what the call did to its items': 'leader follower hub',
      'has the ages and delays of an item in ms': 'hub',
      'resolves when the call that contains the id has settled, however it did': 'leader follower hub',
      'skips an id in a running call': 'leader follower hub',
      'stats, L4: an aborted call that still runs keeps its slot': 'follower hub',
      'stats: a timeout is an error, a `fail` of an item is none': 'follower hub',
      'stats: an item that was deleted, or is terminal, waits no more': 'leader follower hub',
      'stats: refreshedItems counts the items for which a sync succeeded': 'leader follower hub',
      'stats: refreshedItems does not rise with a call that fails': 'follower hub',
      'stats: refreshedItems rises with every call': 'leader follower hub',
      'stats: runningCalls falls with a timeout': 'follower hub',
      'stats: runningCalls is the number of calls that occupy a slot': 'follower hub',
      'stats: syncCalls counts calls that started, syncErrors those that failed': 'follower hub',
      'stats: the counters go on over a stop and a start': 'leader follower hub',
      'stats: waitingItems is the number of items that are due and wait for their call': 'follower hub',
    },
  },
  {
    why: "K4: a local change does not change the leader's item, which `unchanged`, validators, deletions and generations are about",
    cases: {
      'W11, P4: a first value by `update` has none, one by getOrCreate that which came with it':
        'leader follower hub',
      'W11: a local update clears it': 'leader follower hub',
      'W11: an item that is created again has none': 'leader follower hub',
      'W11: no property at all if there is no validator': 'hub',
      'W11: a local update to an equal value, or to the present one, clears it': 'leader follower hub',
      'W13, W11: the value that was put back has no validator': 'leader follower hub',
      'W13: %s from a call that began before it is ignored for good': 'leader follower hub',
      'W13: %s from a push is ignored': 'leader',
      'W13: a call that started before the release brings nothing after it': 'leader follower hub',
      'W13: a value that was written meanwhile stays': 'leader',
      'W13: is shown while the action runs, and after it succeeded': 'leader follower hub',
      'W13: rejects with its error, and the previous value is put back': 'leader',
      'W13: %s from a call that began while it was held is ignored for good': 'leader follower hub',
      'W13: that %s a refresh is asked for': 'leader follower hub',
      'W13: the item is polled at its times, during it and after': 'leader follower hub',
      'W13: two hold the item until both have ended': 'follower hub',
      'W1: the cache never mutates an item': 'follower hub',
      'W4: it removes an item at once that is in a running call, waits for one, is terminal, or is marked':
        'follower hub',
      'W6: a delete and a creation in the sync function count, too': 'leader follower hub',
      'W6: a write before the call started does not stand in its way': 'leader follower hub',
      'W6: it wins over the value that the call brings': 'follower hub',
      'W6: no validator is applied, which would belong to the other value': 'leader follower hub',
      'W6: the old call is no failure of the new item': 'leader follower hub',
      'W6: a write while the item waited for its slot does not stand in its way': 'follower hub',
      'W6: the validator of the old call does not land in the new item': 'leader follower hub',
      'W6: a failure of the item alone still counts, too': 'leader follower hub',
      'W6: the call of the new item is heard': 'leader follower hub',
      'W6: the call still counts as a success of the item': 'leader follower hub',
      'W6: the item is refreshed again at its normal time, and then the source is heard': 'hub',
      'W7, W11: the validator of a refused value does not belong to the value that stays':
        'leader follower hub',
      'W7: a local update brings it back to life, and the source is heard again': 'hub',
    },
  },
  {
    why: 'K13: what is pushed to a member that does not lead is a local change',
    cases: {
      'W10, F2: it delays the next refresh as failures do': 'follower hub',
      'W10, W11: a value without a validator clears it, `unchanged` without one keeps it': 'follower hub',
      'W10, W6: a value wins over the answer of a call that runs, `unchanged` does not': 'follower hub',
      'W10: %s moves it to one interval from now': 'follower hub',
      'W10: a new item that was pushed before its first sync is synced one interval later': 'leader',
      'W10: a success that is pushed after it ends the delay': 'follower hub',
      'W10: a validator is sent with the next call': 'follower hub',
      'W10: an item that is created later has nothing of it': 'hub',
      'W10: as long as pushes come, nothing is polled; when they end, it is': 'follower hub',
      'W10: it is moved also where the cache does not run': 'leader',
      'W10: it is no sync call': 'follower hub',
      'W10: it works on a cache that does not run': 'follower',
      'W10: its retryAfter holds': 'follower hub',
      'W10: an item that is overdue while the page is hidden is not refreshed on return': 'leader hub fleet',
      'W10: an item that waits for a slot gives its place up': 'follower hub',
      'W10: the interval function gives it, asked once, with the new value': 'leader follower hub',
      'W14: an update creates an absent item, refreshed now, with its validator': 'leader follower hub',
    },
  },
  {
    why: 'K3: what a call brings is here a message later',
    cases: {
      'G3: it is not told of %s': 'leader follower hub',
      'G3: it is told of ids that go by a call, a mark or gcTime, and not of refreshes': 'hub',
      'O2: it works on a cache that does not run, and goes on when it starts and stops':
        'leader follower hub',
      'O4: with the item when a sync makes it terminal': 'follower hub',
      'O6: a cache that everybody left holds no timer, and asks nothing of its environment once stopped':
        'leader follower hub',
      'P1, W11: getOrCreate gives it its first value, with the validator': 'follower hub',
      'P11: subscribe with `create`, await refresh, unsubscribe: the item stays for gcTime': 'follower hub',
      'P1: it shares its first call within `batchWindow`': 'leader hub',
      'P4, W10: ingest moves it to one interval from now': 'leader',
      'P5: `unchanged` is a success if the item got a value while the call ran': 'leader follower hub',
      'P5: a pending item that it leaves out fails with NOT_FOUND (missing: %s)': 'hub',
      'P6, W12: an item that got a value in time expires instead': 'hub',
      'S14: healthy items that are asked for in one turn share a batch': 'follower',
      'S8: an item may be refreshed again and again': 'follower hub',
      'S8: callers before and during a call: each is served by one that started after it': 'follower hub',
      'S8: refresh of a new item shares its first call': 'follower hub',
      'S8: several callers share one call': 'follower hub',
      'S8: the failure of a call that was running already rejects nothing': 'follower hub',
      'W8: it keeps the present reference, and counts as unchanged': 'follower hub',
      'W8: a result that differs replaces the item, and ends the count': 'follower hub',
      'carries values, their order, and when they were refreshed, through JSON': 'follower hub',
    },
  },
  {
    why: 'K10: errors cross as copies',
    cases: {
      'F1, W6: a failed call counts for an item %s meanwhile by its generation': 'leader follower hub',
      'F1: %s fails every item of the call': 'follower hub',
      'F1: `fail` fails one item, and not the call': 'follower hub',
      'F1: a rejection with %s is a failure': 'leader follower hub',
      'F1: failureCount rises by one each time, and the error is that of the last failure':
        'leader follower hub',
      'F2, S5: the item does not come early before it, and its neighbours do not wait': 'leader hub',
      'F2, S5: the item stays in the normal batches, and comes early with others': 'leader hub',
      'F3, W6: a call whose value lost against a local write sets them, too': 'leader follower hub',
      'F3: %s sets failureCount to 0 and error to undefined': 'follower hub',
      'S13: a refresh of the next generation is served by its own call': 'leader follower hub',
      'S13: gone by an older call while it waits for the next: DELETED': 'follower hub',
      'S8: also if the sync function throws at once': 'leader follower hub',
      'S8: it rejects with the `fail` of the item': 'leader follower hub',
      'S8: it rejects with the error of the call': 'leader follower hub',
      'S8: the failure of a neighbour does not reject it': 'follower hub',
    },
  },
  {
    why: 'K12: items cross as JSON, and one that cannot cross fails at the others',
    cases: {
      'W8: a cyclic item is replaced, and the cache goes on': 'hub fleet',
    },
  },
  {
    why: 'S2: the leader evaluates `interval`, and its clock begins with its first call',
    cases: {
      'L1: the batch window of an item created before start is counted from its creation': 'leader',
      'L2: it does nothing': 'follower',
      'S2: for a push during a call it is that of after the push': 'leader follower hub',
      'S2: it is not evaluated for an item that was deleted during its call': 'leader follower hub',
      'S2: it is that of after the settlement, whoever looked at one while the call ran': 'follower hub',
      'S2: never for a terminal item, also when a call of it fails': 'leader follower hub',
      'S2: never for a terminal or marked item that is ingested, also if its last call failed': 'leader',
      'S2: once when an item is ingested whose last call failed': 'leader',
      'S2: once when the item is ingested, and the item is due that much later': 'leader follower hub',
      'S2: once when the result lost against a local write': 'leader follower hub',
      'S2: the snapshot counts the syncs that changed nothing, this one included': 'follower hub',
      'S5, S2: a new item whose interval function has not run yet brings nothing along': 'hub',
    },
  },
  {
    why: "K16, K17: a stop, `clear` or pause of a member neither aborts nor awaits the group's calls",
    cases: {
      'G2, L4, S3: their ids wait, and the old answer does not reach the new item': 'leader follower hub',
      'G2, L9: stop waits for them': 'follower hub',
      "G2: log-out: stop and clear, then the next user's start": 'follower hub',
      'G2: the cache goes on as new: what is created afterwards is polled': 'follower',
      'G2: they are aborted, are no failures, and what they bring is ignored': 'leader follower hub',
      'G5, F5: a requested item that fails is not retried before the resume': 'hub',
      'G5, F6: a new pending item is fetched at once, whatever fails': 'hub',
      'G5, T3: a pending item waits for a page that is hidden, paused or not': 'hub',
      'G5, T3: a pending item whose time comes waits likewise': 'leader',
      'G5, T8: but within 1 s of the last failed call no retry call starts': 'leader follower hub',
      'G5, T8: it ends an outage, and failed items are due at once': 'leader follower hub',
      'G5, W13: a pending item that was fetched in vain, because it is held, waits for the resume':
        'leader follower hub',
      'G5: refresh and refreshAll work': 'hub',
      'G5: running calls finish': 'leader follower hub',
      'G5: the first refresh of a pending item is made, and no other': 'hub',
      'L3, L4, O3: a stop does not abort what was started anew from within its aborts': 'leader follower hub',
      'L3, L4: its timeout is no failure of its items': 'follower hub',
      'L3, L4: its late result is ignored': 'follower hub',
      'L3, O3: a start from within the abort of a stop comes after it': 'follower hub',
      'L3, O3: a stop and start from within `started` leaves no listener of the environment behind':
        'follower hub',
      'L3, T1, G2: the signal of a copy is aborted by %s': 'leader follower hub',
      'L3: ${way} aborts also a signal that the sync function reads only afterwards': 'follower hub',
      'L3: ${way} aborts every running sync call': 'follower hub',
      'L3: ${way} clears the timer and ends the refreshing': 'follower hub',
      'L3: a listener that stops the cache when a call starts stops that call, too': 'follower hub',
      'L4, S8: a refresh of a terminal item requested meanwhile gets a call of its own after it':
        'follower hub',
      'L4: an id that was deleted and created again waits for it, too': 'follower hub',
      'L4: an item whose first call was aborted is due at once': 'follower hub',
      'L4: it holds up no other id': 'hub',
      'L4: it keeps its ids until it settles': 'follower hub',
      'L4: it keeps its ids until its timeout has passed, no longer': 'follower hub',
      'L4: it keeps its slot until it settles': 'follower hub',
      'L4: it keeps its slot until its timeout has passed': 'follower hub',
      'L4: it works while stop still waits, whose promise is kept': 'follower hub',
      'L4: several stops and starts free no slot': 'hub',
      'L4: an item that waited for a slot when the cache stopped is sent': 'follower hub',
      'L4: without a timeout it keeps its ids until it settles': 'hub',
      'L8: a stop of the application stops it whoever retains it': 'follower hub',
      'L8: the release of the last one stops the cache, aborts its calls and clears its timer':
        'follower hub',
      'L9: a call that ignores its signal is waited for until its timeout': 'follower hub',
      'L9: a second stop waits for the same calls': 'follower hub',
      'L9: after %s one timer is held as long as a call may run, and none then': 'follower hub',
      'L9: it resolves when every aborted call has settled, no sooner': 'follower hub',
      'L9: the last timeout of several such calls counts': 'follower hub',
      'L9: stop after an abort of the signal waits for the aborted call': 'follower hub',
    },
  },
  {
    why: "K6, K15: the leader polls what is wanted; marks, places and adopted states are the member's",
    cases: {
      'E1, E2: after it, one cache has the state of another': 'follower hub',
      'E2: `next` stands for the interval': 'leader follower hub',
      'E2: an item that it creates is polled at `next` if it has a subscriber': 'hub',
      'E2: without `next` the item is not scheduled': 'leader follower hub',
      'E3: settled waits for a call that was aborted and still runs': 'leader follower hub',
      'G2, E5: recreate makes pending again what clear removed and a subscription creates':
        'leader follower hub',
      'P7: left before its first call, it is not called': 'hub',
      'S9: at once if it has passed': 'hub',
      'stats: refreshedItems counts nothing that went: by the answer, or while its call ran': 'fleet',
      'W17, L4: a marked item that goes when its aborted call settles leaves its id to a later one':
        'leader follower hub',
      'W17, L4: an item whose call was aborted, and still runs, goes when that call settles':
        'leader follower hub',
      'W17: after a stop and a start it is removed, and not sent again': 'leader follower hub',
      'W17: if the interval is Infinity, it goes at the end of the turn': 'leader follower hub',
      'W17: it does not go at what would be its due time, while the call runs': 'leader follower hub',
      'W17: it goes when its own entry is a failure, or is not there': 'leader follower hub',
      'W17: it goes when the call fails': 'leader follower hub',
      'W17: it goes when the call settles': 'leader follower hub',
      'W17: it goes when the call times out': 'leader follower hub',
      'W17: it is not aborted for that': 'leader follower hub',
      'W17: a new mark or an ingest does not keep it': 'leader follower hub',
      'W17: an update does not keep it, not even one to a terminal item': 'leader follower hub',
      'W17: the others of the call keep what it brought': 'fleet',
      'W17: the value of the call is not applied before that': 'leader follower hub',
      'W3: a terminal item that comes back to life after its maxAge expires at once': 'leader follower hub',
      'W3: an update that brings an item back to life after its maxAge expires it at once':
        'leader follower hub',
      'W5, D2: a batch of others that settles does not sweep it away': 'hub',
      'W5, D2: an item that its mark removed leaves no mark': 'leader follower hub',
      'W5, D2: a deleted item leaves no mark': 'leader follower hub',
      'W5, D2: the mark of an item whose call runs does not hit the one created after it':
        'leader follower hub',
      'W5, S3: the end of an earlier call does not bring a marked item back': 'leader follower hub',
      'W5: a slot': 'hub',
      'W5: the end of an outage': 'follower hub',
      'W7, O4: an `until` waits for the end of the new run': 'leader follower hub',
      'W7, S9: it reopens the item, which is due when its interval since the last refresh has passed':
        'leader follower hub',
      'W7: a refresh brings it back, and it is polled again': 'leader follower hub',
      'W7: a refresh whose call fails opens nothing for what is pushed later, and another one works':
        'follower hub',
      'W7: a refresh that was requested before the item was terminal does not reopen it':
        'leader follower hub',
      'W7: the call that ran when the refresh was requested does not reopen it; the next one does':
        'leader follower hub',
    },
  },
  {
    why: "K17: the status is the leader's",
    cases: {
      'G4: error and lastSuccessAt are those of calls, not of items': 'leader follower',
      'G4: it is not told of lastSuccessAt alone, nor of items': 'leader follower hub',
      'G4: it is the same object until something in it changes': 'leader hub',
    },
  },
  {
    why: 'The case awaits a call without moving the clock, on which messages take their time; or it takes days or many runs, with a beat every 2 s',
    cases: {
      'F2: failures delay, they never stop': 'leader follower',
      'G2: the cache goes on as new: what is created afterwards is polled': 'hub',
      'G4: it has been told of whatever getStatus returns in an outage: %s': 'follower hub',
      'L4: several stops and starts free no slot': 'follower',
      'L4: without a timeout it keeps its ids until it settles': 'follower',
      'L4: without a timeout it keeps its slot until it settles': 'follower',
      'L5: a timer that waits only for it keeps no process alive': 'leader follower hub',
      'L7: ${title} is stored, synced, pushed, told and removed': 'follower hub',
      'L7: the cache is a map of any strings': 'leader follower hub',
      'O1: a snapshot is another object exactly if something in it is different': 'leader follower hub',
      "P7: %s makes it the application's, while it is observed and after": 'follower',
      'S2: rendering, subscribing, reading and writing never evaluate it': 'follower',
      'S8: it resolves, with nothing, when the call has settled': 'follower',
      'T1: with Infinity it may take for ever': 'leader follower hub',
      'W3: it does not move the due time, however often it is called': 'follower',
      'W5: an ingest does not bring a marked item back that was asked for': 'hub',
      'W5: an ingest of `%s`': 'hub',
      'W5: ingest does not postpone the removal of a terminal item either': 'hub',
      'W6: a result is applied if, and only if, nothing was written since its call started':
        'leader follower hub',
      'W6: its refresh resolves': 'follower hub',
      'W7: another terminal value is taken': 'leader follower',
      'W7: it can be deleted by the source': 'leader follower',
      'W9: nothing else counts': 'leader follower',
      'is read up to 100,000 items': 'follower hub',
    },
  },
  {
    why: 'The blocks of which each case is an exception above, because an empty one fails',
    cases: {
      'a marked item in a running sync call': 'fleet',
      'a pause while the source fails': 'hub',
      'a response that nobody asked for': 'follower hub',
      'a resume while the source fails': 'leader follower hub',
      'an observer of a list that is attached before anybody listens': 'leader',
      'any writes and answers in any order': 'leader follower hub',
      prefetching: 'follower hub',
      'refreshAll while the source is down': 'follower hub',
      'the batch of a sync function': 'hub',
      'whatever happens': 'leader follower hub',
    },
  },
]

/**
 * Returns a test of names: true if a case is not run over a role. `${…}` in an exception stands for anything. A fleet member
 * that is tested follows, so it has the follower's exceptions; `fleet` in the table is what is different besides.
 */
export function exceptionsOf(role: Role): (name: string) => boolean {
  const kinds: readonly string[] = role === 'fleet' ? ['follower', 'fleet'] : [role]
  const names = EXCEPTIONS.flatMap(({ cases }) => Object.entries(cases))
    .filter(([, roles]) => roles.split(' ').some((each) => kinds.includes(each)))
    .map(([name]) => name)
  const exact = new Set(names)
  const patterns = names
    .filter((name) => name.includes('${'))
    .map(
      (name) =>
        new RegExp(
          `^${name
            .split(/\$\{\w+\}/)
            .map(quoted)
            .join('.*')}$`,
        ),
    )
  return (name) => exact.has(name) || patterns.some((pattern) => pattern.test(name))
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
