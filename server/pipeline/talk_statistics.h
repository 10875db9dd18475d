// Talk statistics: who spoke how long and how fast, who let whom finish, and when nobody spoke.
// docs/talk-statistics.md says it to users. Pure.
#pragma once

#include <cstdint>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// A pause as long as this is a silence, and ends a monologue: the value from which Amazon Connect
// counts silence as non-talk time.
inline constexpr int32_t kSilenceMs = 3000;

// Who speaks at the same time as another for less than this has not interrupted: three of four
// overlaps at a change of turns in telephone calls are shorter (378 ms; Levinson and Torreira,
// "Timing in turn-taking", Frontiers in Psychology 6:731, 2015).
inline constexpr int32_t kLeastInterruptionMs = 400;

// Each recording is a time line of its own from 0 to the end of its last segment; the figures are
// sums, or maxima, over the recordings, capped at 2^31 - 1. A recording in which nothing lasts has
// no times, and counts for no figure of time. What is talk: see UtterancesOf. Words are counted
// from the source's words where it gave any, else by white space.
//
// - Monologue: the utterances of a speaker in order of their starts, from the first that is more
//   than a back-channel until another speaker says more than one, or kSilenceMs pass.
// - Interruption: a speaker's spurt (utterances with pauses of less than kSpurtPauseMs) that says
//   more than back-channels, counted from where it does, and that begins at least
//   kLeastInterruptionMs after another's such spurt began, and overlaps it for at least as long.
//   So two who begin together do not interrupt each other, and neither does who is a little early.
//   Amazon Transcribe Call Analytics counts the same ("one participant cuts off the other
//   midsentence") and does not publish its rule.
//
// "unknown" and the empty label may be anybody: such a speaker has no monologue, and neither makes
// nor suffers an interruption. A transcript without a language counts as English.
//
// O(n log n) in segments and words.
v1::TalkStatistics ComputeTalkStatistics(const v1::Transcript& transcript);

}  // namespace cxscribe
