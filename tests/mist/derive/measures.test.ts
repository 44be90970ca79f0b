/** Each measure by itself: the stated rule, its alternatives, missing inputs, ends of the range and ties. Values are worked by hand. */
import { describe, expect, test } from "vitest";
import { achievement } from "../../../src/mist/derive/measures/achievement.js";
import {
  allTrue,
  anyTrue,
  atLeast,
  greatest,
  meanPresent,
  smallest,
  total,
  variancePresent,
  weightedMean,
} from "../../../src/mist/derive/measures/arithmetic.js";
import { boCompatible } from "../../../src/mist/derive/measures/boundary-objects.js";
import { brokerScores, isBroker } from "../../../src/mist/derive/measures/broker.js";
import { coachAccomplished, coachFacets } from "../../../src/mist/derive/measures/coach.js";
import { coachCollaboration } from "../../../src/mist/derive/measures/coach-collaboration.js";
import { coachingDose, groupDose } from "../../../src/mist/derive/measures/coaching-dose.js";
import {
  demandDrop,
  highPotential,
  maintained,
  maintainedAll,
  maintShare,
  shrunkenShares,
} from "../../../src/mist/derive/measures/cognitive-demand.js";
import { compositionShare, diversity, dominantGroup } from "../../../src/mist/derive/measures/composition.js";
import { degree, tiePersists, tieShare } from "../../../src/mist/derive/measures/degree.js";
import { discrimination } from "../../../src/mist/derive/measures/discrimination.js";
import { discussionQuality } from "../../../src/mist/derive/measures/discussion-quality.js";
import { expertise } from "../../../src/mist/derive/measures/expertise.js";
import { exposure, exposureGap } from "../../../src/mist/derive/measures/exposure.js";
import { enacted, gapClass, gapClasses, meanInterval } from "../../../src/mist/derive/measures/gap-class.js";
import { betweenness, constraint, projection, twoMode } from "../../../src/mist/derive/measures/graph.js";
import { growth } from "../../../src/mist/derive/measures/growth.js";
import { firstComponent, iqaComposite } from "../../../src/mist/derive/measures/iqa-composite.js";
import { meetingQuality, teacherMeetingQuality } from "../../../src/mist/derive/measures/meeting-quality.js";
import { mkt } from "../../../src/mist/derive/measures/mkt.js";
import { imbalance, mutual } from "../../../src/mist/derive/measures/mutual.js";
import { base, lagged, led, occasions } from "../../../src/mist/derive/measures/occasions.js";
import { opportunityGap } from "../../../src/mist/derive/measures/opportunity-gap.js";
import { orientationMatch } from "../../../src/mist/derive/measures/orientation-match.js";
import { perspectiveLevels, perspIndex, productive } from "../../../src/mist/derive/measures/perspectives.js";
import { isFavourable, ordinalScore } from "../../../src/mist/derive/measures/practical-measure.js";
import { success, takenUp } from "../../../src/mist/derive/measures/recommendation.js";
import { retained } from "../../../src/mist/derive/measures/retention.js";
import { rmtComposite } from "../../../src/mist/derive/measures/rmt.js";
import { runChart } from "../../../src/mist/derive/measures/run-chart.js";
import { scoreOfRecord } from "../../../src/mist/derive/measures/score-of-record.js";
import { meanReliability, oneWayIcc, sharedVision, withinGroupAgreement } from "../../../src/mist/derive/measures/shared-vision.js";
import { yearsInStudy } from "../../../src/mist/derive/measures/time.js";
import { vision, visionCut, visionHigh } from "../../../src/mist/derive/measures/vision.js";

const no = Number.NaN;
const n = (...values: number[]): Float64Array => Float64Array.of(...values);

describe("arithmetic", () => {
  test("skips what is missing and asks for enough", () => {
    expect(meanPresent([1, no, 5])).toBe(3);
    expect(meanPresent([1, no, 5], 3)).toBeNaN();
    expect(meanPresent([])).toBeNaN();
    expect(weightedMean([1, 4, no], [1, 2, 9])).toBe(3);
    expect(weightedMean([1], [0])).toBeNaN();
    expect(total([1, no])).toBeNaN();
    expect([greatest([no, 2, 1]), smallest([no, 2, 1]), greatest([no])]).toEqual([2, 1, no]);
    expect(variancePresent([1, no, 3])).toBe(2);
    expect(variancePresent([1, no])).toBeNaN();
  });

  test("knows a third truth value", () => {
    expect([anyTrue([0, 0]), anyTrue([0, no]), anyTrue([1, no]), anyTrue([])]).toEqual([0, no, 1, no]);
    expect([allTrue([1, 1]), allTrue([0, no]), allTrue([1, no]), allTrue([])]).toEqual([1, 0, no, no]);
    expect([atLeast(3, 3), atLeast(2.99, 3), atLeast(no, 3)]).toEqual([1, 0, no]);
  });
});

describe("instruction", () => {
  test("V1: the first rating, the mean, or what raters agree on", () => {
    expect(scoreOfRecord([4, 2], [2, 1])).toBe(2);
    expect(scoreOfRecord([4], [2])).toBeNaN();
    expect(scoreOfRecord([no, 3], [1, 2])).toBeNaN();
    expect(scoreOfRecord([4, 2, no], [2, 1, 3], "mean")).toBe(3);
    expect([
      scoreOfRecord([3, 3], [1, 2], "consensus"),
      scoreOfRecord([3, 2], [1, 2], "consensus"),
      scoreOfRecord([no, 2], [1, 2], "consensus"),
    ]).toEqual([3, no, 2]);
    expect(scoreOfRecord([], [], "consensus")).toBeNaN();
  });

  test("V2-V4: demand over the whole table of scores", () => {
    expect([0, 1, 2, 3, 4, no].map((p) => highPotential(p))).toEqual([0, 0, 0, 1, 1, no]);
    expect([3, 4].map((p) => highPotential(p, 4))).toEqual([0, 1]);
    expect([2.49, 2.5, no].map((mean) => highPotential(4, "teacher_year_mean", mean))).toEqual([0, 1, no]);
    expect([2, 3, 4, no].map((i) => maintained(1, 4, i))).toEqual([0, 1, 1, no]);
    expect([2, 3, 4].map((i) => maintained(1, 4, i, "no_drop"))).toEqual([0, 0, 1]);
    expect([maintained(0, 2, 4), maintained(no, no, 4)]).toEqual([no, no]);
    expect([maintainedAll(0, no), maintainedAll(1, 1), maintainedAll(1, 0), maintainedAll(1, no), maintainedAll(no, no)]).toEqual([
      0,
      1,
      0,
      no,
      no,
    ]);
    expect(maintainedAll(0, no, "conditional")).toBeNaN();
  });

  test("V5: shares over the lessons present", () => {
    expect([[1, 0], [1, 1], [0, no], [no, no], []].map((lessons) => maintShare(lessons))).toEqual([0.5, 1, 0, no, no]);
    expect(
      [
        [1, 0],
        [0, 0],
        [0, no],
        [1, no],
      ].map((lessons) => maintShare(lessons, "any")),
    ).toEqual([1, 0, no, 1]);
    expect([[1, 1], [1, 0], [1], [0], [1, no], [0, no]].map((lessons) => maintShare(lessons, "both"))).toEqual([1, 0, no, 0, no, 0]);
  });

  test("V5 by empirical Bayes: by hand for four teachers with two lessons", () => {
    // mu = 1/2, S = 2(1/4 + 1/4 + 0 + 0) = 1; k = 4, N = 8, sum n^2 / N = 2
    // rho = (1 - 3/4) / (1/4 (8 - 2 - 3)) = 1/3; w = (2/3) / (4/3) = 1/2
    expect(Array.from(shrunkenShares(n(1, 0, 0.5, 0.5), n(2, 2, 2, 2)))).toEqual([0.75, 0.25, 0.5, 0.5].map((x) => expect.closeTo(x, 14)));
    // No more spread than chance: all are drawn to the mean. Missing stays missing.
    expect(Array.from(shrunkenShares(n(0.5, 0.5, no), n(2, 2, 0)))).toEqual([0.5, 0.5, no]);
  });

  test("V6-V8: drop, discussion, composite", () => {
    expect([demandDrop(1, 4, 1), demandDrop(0, 2, 2), demandDrop(0, 2, 1, "high_potential"), demandDrop(1, 3, no)]).toEqual([3, 0, no, no]);
    expect([0, 4, no].map((d) => discussionQuality(d))).toEqual([0, 4, no]);
    expect([0, 4].map((d) => discussionQuality(d, "drop_zeros"))).toEqual([no, 4]);
    expect(discussionQuality(3, "mean_with_linking", [1, 1, 2, 3])).toBe(2);
    expect(discussionQuality(3, "mean_with_linking", [1, no, 2, 3])).toBeNaN();
    expect(discussionQuality(0, "mean_with_linking", [no, no, no, no])).toBe(0);
    const rubrics = [n(4, 3, 3), n(3, no, 0), n(2, 0, 0)] as const;
    expect(iqaComposite(rubrics)).toEqual(n(3, no, 1));
    expect(iqaComposite(rubrics, "implementation")).toEqual(n(3, no, 0));
  });

  test("V8: the first component of two variables is their standardized sum", () => {
    // r = 0.5: eigenvector (1, 1) / sqrt 2, eigenvalue 1.5; z = (-1, 0, 1) and (0, -1, 1): scores (z1 + z2) / sqrt 3
    const scores = firstComponent([n(1, 2, 3, no), n(5, 4, 6, 5)]);
    expect(Array.from(scores)).toEqual([-1, -1, 2].map((x) => expect.closeTo(x / Math.sqrt(3), 12)).concat([no]));
    expect(Array.from(firstComponent([n(1, 1), n(1, 2)]))).toEqual([no, no]);
  });
});

describe("what teachers think and know", () => {
  test("V9-V11: codes, index, productive at the start", () => {
    expect(perspectiveLevels()).toEqual(["mixed", "unproductive", "productive"]);
    expect(perspIndex(n(1, -1, 1), n(0, -1, no))).toEqual(n(0.5, -1, no));
    expect(perspIndex(n(1, -1, 1), n(1, -1, no), "count_productive")).toEqual(n(2, 0, no));
    expect(
      [
        [1, 0],
        [0, 1],
        [0, 0],
        [0, no],
        [1, no],
        [no, no],
      ].map(([e, a]) => productive(e!, a!)),
    ).toEqual([1, 1, 0, no, 1, no]);
    expect(
      [
        [1, 0],
        [1, 1],
        [0, no],
        [1, no],
      ].map(([e, a]) => productive(e!, a!, "both")),
    ).toEqual([0, 1, 0, no]);
    expect(
      [
        [1, 0],
        [1, -1],
        [1, no],
      ].map(([e, a]) => productive(e!, a!, "index")),
    ).toEqual([1, 0, no]);
  });

  test("V12-V13: vision needs two dimensions of three; high from the cut on", () => {
    const dimensions = [n(1, 2, 4, no), n(2, 4, no, no), n(3, no, no, no)] as const;
    expect(vision(dimensions)).toEqual(n(2, 3, no, no));
    expect(vision(dimensions, "minimum")).toEqual(n(1, 2, no, no));
    expect(vision(dimensions, "tasks")).toEqual(n(3, no, no, no));
    expect([2.99, 3, no].map((value) => visionHigh(value))).toEqual([0, 1, no]);
    expect([visionCut(n(1)), visionCut(n(1), 2.5), visionCut(n(1, 2, 3, 4, no), "top_tercile")]).toEqual([3, 2.5, 3]);
  });

  test("V14: norm scale, within cycle, person mean, drawn by reliability", () => {
    const given = { scores: n(1, 3, 5, no), errors: n(1, 1, 1, 1), persons: [1, 1, 2, 2], cycles: [1, 1, 2, 2] };
    expect(mkt(given)).toBe(given.scores);
    // cycle 1: mean 2, sd sqrt 2; cycle 2 has one score
    expect(Array.from(mkt(given, "within_cycle"))).toEqual([expect.closeTo(-Math.SQRT1_2, 12), expect.closeTo(Math.SQRT1_2, 12), no, no]);
    expect(mkt(given, "person_mean")).toEqual(n(2, 2, 5, 5));
    // var 4, mean se^2 1: tau^2 = 3, reliability 3/4 about the mean 3
    expect(mkt(given, "reliability_corrected")).toEqual(n(1.5, 3, 4.5, no));
  });

  test("V15: lag and lead keep gaps; base is the first value there is", () => {
    const time = occasions([7, 8, 7, 7, -1], [4, 1, 1, 2, 1]);
    const x = n(40, 5, no, 20, 9);
    expect(lagged(x, time)).toEqual(n(no, no, no, no, no));
    expect(lagged(n(40, 5, 10, 20, 9), time)).toEqual(n(no, no, no, 10, no));
    expect(led(x, time)).toEqual(n(no, no, 20, no, no));
    expect(base(x, time)).toEqual(n(20, 5, 20, 20, no));
    expect(base(x, time, "person_mean")).toEqual(n(30, 5, 30, 30, no));
    expect(base(n(40, 5, 10, 20, 9), time, "previous_cycle")).toEqual(n(no, no, no, 10, no));
  });

  test("V16: the three clocks", () => {
    expect([
      yearsInStudy(8, 3),
      yearsInStudy(8, 3, "cycle"),
      yearsInStudy(8, 3, "phase"),
      yearsInStudy(4, 3, "phase"),
      yearsInStudy(3, no),
    ]).toEqual([5, 7, 3, 3, no]);
    expect(yearsInStudy(9, 3, "phase")).toBeNaN();
  });

  test("V17: shares weighted by students, else the school's; diversity; no dominant group at a tie", () => {
    expect(compositionShare([0.1, 0.4], [10, 20], 0.9)).toBeCloseTo(0.3, 14);
    expect(compositionShare([], [], 0.9)).toBe(0.9);
    expect(compositionShare([no], [20], no)).toBeNaN();
    expect([diversity([1, 0]), diversity([0.25, 0.25, 0.25, 0.25])]).toEqual([0, 0.75]);
    expect([dominantGroup([0.2, 0.5, 0.3]), dominantGroup([0.4, 0.4, 0.2]), dominantGroup([no, 1])]).toEqual([1, -1, -1]);
  });

  test("V18: the mean of standardized parts, two at least", () => {
    const standards = { iqa: { mean: 2, sd: 0.5 }, vision: { mean: 2, sd: 1 }, mkt: { mean: 0, sd: 1 } };
    expect(expertise(3, 3, 0, standards)).toBe(1);
    expect(expertise(3, no, 0, standards)).toBe(1);
    expect(expertise(3, no, no, standards)).toBeNaN();
    expect([expertise(3, no, no, standards, "iqa"), expertise(3, no, 1.5, standards, "mkt")]).toEqual([2, 1.5]);
  });
});

describe("colleagues", () => {
  const alters = [
    { expertise: 1, deep: 1, frequency: 1 },
    { expertise: -0.5, deep: 0, frequency: 5 },
    { expertise: no, deep: 1, frequency: 3 },
  ];

  test("V19-V20: exposure over alters whose expertise is known", () => {
    expect(exposure(alters)).toEqual({ mean: 0.25, max: 1, deep: 1, sum: 0.5, anyExpert: 1 });
    expect(exposure(alters, "frequency").mean).toBe((1 - 2.5) / 6);
    expect(exposure(alters.slice(2))).toEqual({ mean: no, max: no, deep: no, sum: no, anyExpert: no });
    expect(exposure([])).toEqual({ mean: no, max: no, deep: no, sum: no, anyExpert: no });
    expect(exposure([], "equal", "zero").mean).toBe(0);
    // A known layman and an unknown: whether there is an expert is open.
    expect(exposure(alters.slice(1)).anyExpert).toBeNaN();
    expect([
      exposureGap([1, -0.5, no], 0.25, 0.5),
      exposureGap([1, -0.5, no], 0.25, 0.5, "max"),
      exposureGap([1, -0.5, no], 0.25, 0.5, "share_above"),
    ]).toEqual([-0.25, 0.5, 0.5]);
    expect(exposureGap([1], 1, no, "share_above")).toBeNaN();
  });

  test("V21-V22: meetings", () => {
    const quality = [
      [1, 1, 1],
      [1, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ].map((links) => meetingQuality(links as [number, number, number], 0));
    expect(quality).toEqual([4, 3, 2, 0]);
    expect([
      meetingQuality([0, 0, 0], 1),
      meetingQuality([0, 0, 0], no),
      meetingQuality([1, no, 1], 0),
      meetingQuality([1, 1, 0], no),
    ]).toEqual([1, no, no, 3]);
    expect([meetingQuality([1, 1, 1], 0, "raw_count"), meetingQuality([0, 0, 0], 1, "raw_count")]).toEqual([3, 0]);
    expect([2, 1, no].map((expert) => meetingQuality([1, 1, 1], 0, "expert_for_highest", expert))).toEqual([4, 3, no]);
    expect(teacherMeetingQuality([4, 1, no], [60, 30, 90])).toBe(3);
    expect(teacherMeetingQuality([], [])).toBeNaN();
    expect([teacherMeetingQuality([4, 1], [1, 1], "maximum"), teacherMeetingQuality([4, 1, no], [1, 1, 1], "share_high")]).toEqual([
      4, 0.5,
    ]);
  });

  test("V23: degrees, shares of ties, lasting ties", () => {
    expect([degree([]), degree([5, 1, no]), degree([5, 1], "frequency"), degree([5, no], "frequency")]).toEqual([0, 3, 6, no]);
    expect([tieShare([1, 0, no]), tieShare([])]).toEqual([0.5, no]);
    expect([tiePersists(1, 1), tiePersists(1, 0), tiePersists(1, no), tiePersists(0, 1), tiePersists(no, 1)]).toEqual([1, 0, no, no, no]);
  });

  test("V24: hours of coaching", () => {
    expect([coachingDose([1.5, 2], [1, 1], true), coachingDose([], [], true), coachingDose([], [], false)]).toEqual([3.5, 0, no]);
    expect(coachingDose([1.5, 2, 4], [1, 0, no], true, "complete")).toBe(1.5);
    expect([groupDose(10, 0.25), groupDose(0, no), groupDose(10, no)]).toEqual([2.5, 0, no]);
  });

  test("V25: three facets of a coach", () => {
    const coach = { practice: 3, visionHigh: 1, explanation: 1, mkt: -0.1, expertise: 0.5 };
    expect([
      coachAccomplished(coach),
      coachAccomplished(coach, "with_mkt"),
      coachAccomplished(coach, "expertise"),
      coachFacets(coach),
    ]).toEqual([1, 0, 1, 3]);
    expect(coachAccomplished({ ...coach, practice: 2, explanation: no })).toBe(0);
    expect(coachAccomplished({ ...coach, explanation: no })).toBeNaN();
    expect(coachFacets({ ...coach, explanation: no })).toBeNaN();
  });

  test("V26: signs of collaboration of principal and coach", () => {
    expect([
      coachCollaboration(2, 1, 0),
      coachCollaboration(1.9, 0, 1),
      coachCollaboration(20, 0, 1),
      coachCollaboration(2, no, 0),
    ]).toEqual([3, 0, 1, no]);
    expect([coachCollaboration(2, no, no, "meetings"), coachCollaboration(0, 1, 0, "meetings")]).toEqual([1, 0]);
  });
});

describe("leaders, schools and districts", () => {
  test("V27: match of orientations", () => {
    expect([orientationMatch(0, 2), orientationMatch(1, 1), orientationMatch(2, 0.5), orientationMatch(no, 1)]).toEqual([0, 1, 0.25, no]);
    expect([orientationMatch(1.4, 1, "same_category"), orientationMatch(1.5, 1, "same_category")]).toEqual([1, 0]);
  });

  test("V28: d prime at both ends of the range", () => {
    // rates (5 + .5) / 6 and .5 / 6: d' = 2 z(11/12) = 2 x 1.3829941
    expect(discrimination(10, 5, 5, 0)).toBeCloseTo(2 * 1.3829941271006, 9);
    expect(discrimination(10, 5, 0, 5)).toBeCloseTo(-2 * 1.3829941271006, 9);
    expect(discrimination(10, 5, 3, 3)).toBeCloseTo(0, 12);
    expect(discrimination(10, 6, 4, 1, "proportion_correct")).toBe(0.7);
    expect(discrimination(10, 5, no, 1)).toBeNaN();
  });

  test("V29: agreement", () => {
    expect([sharedVision([2, 2, 2]), sharedVision([0, 4]), sharedVision([2]), sharedVision([1, 3, no])]).toEqual([1, 0, no, 0]);
    expect(sharedVision([1, 2])).toBe(1 - 0.5 / (4 / 3));
    // item variances 1/2 and 0 over 2: v = 1/8; 2 (7/8) / (2 (7/8) + 1/8) = 14/15
    expect(
      withinGroupAgreement([
        [2, 3],
        [2, 2],
      ]),
    ).toBeCloseTo(14 / 15, 14);
    expect([
      withinGroupAgreement([
        [0, 4],
        [0, 4],
      ]),
      withinGroupAgreement([
        [1, no],
        [1, 1],
      ]),
    ]).toEqual([0, no]);
    // means 1 and 3, grand mean 2: MSB 4 (1 + 1) / 1 ... two units of two: MSB = 4, MSW = 1: (4 - 1) / (4 + 1) = .6
    expect(
      oneWayIcc([
        [1 - Math.SQRT1_2, 1 + Math.SQRT1_2],
        [3 - Math.SQRT1_2, 3 + Math.SQRT1_2],
      ]),
    ).toBeCloseTo(0.6, 12);
    expect([
      oneWayIcc([[1, 2]]),
      oneWayIcc([
        [1, 3],
        [1, 3],
      ]),
    ]).toEqual([no, 0]);
    expect([meanReliability(0.5, 3), meanReliability(0.5, 0)]).toEqual([0.75, no]);
  });

  test("V30: retained, unknown where there is no next roster", () => {
    expect([retained(4, 4, true), retained(4, 5, true), retained(4, -1, true), retained(4, -1, false), retained(-1, 4, true)]).toEqual([
      1,
      0,
      0,
      no,
      no,
    ]);
  });

  test("V31: growth", () => {
    const time = occasions([1, 1, 1, 2, 2, 3], [1, 2, 4, 1, 2, 1]);
    const x = n(1, 2, 4, 2, 3, 5);
    expect(growth(x, time)).toEqual(n(3, 3, 3, 1, 1, no));
    expect(growth(x, time, "yearly_difference")).toEqual(n(no, 1, no, no, 1, no));
    // The pairs (1, 2) and (2, 3) lie on a line.
    expect(growth(x, time, "residual_change")).toEqual(n(no, 0, no, no, 0, no));
  });

  test("V33: classes of gaps", () => {
    const support = { plannedDose: 4, enactedDose: 2, otherFunction: 0, quality: 1 };
    expect([
      enacted(support),
      enacted({ ...support, enactedDose: 1.99 }),
      enacted(support, 0.75),
      enacted(support, 0.5, "at_least_2"),
    ]).toEqual([1, 0, 0, 0]);
    expect([
      enacted({ ...support, otherFunction: 1 }),
      enacted({ ...support, otherFunction: no }),
      enacted({ ...support, enactedDose: no }),
    ]).toEqual([0, no, no]);
    expect(enacted({ ...support, enactedDose: no, otherFunction: 1 })).toBe(0);
    expect([
      gapClass(0, { lower: no }),
      gapClass(1, { lower: 0 }),
      gapClass(1, { lower: 0.01 }),
      gapClass(1, { lower: no }),
      gapClass(no, { lower: 1 }),
    ]).toEqual([0, 1, 2, -1, -1]);
    expect(gapClasses[2]).toBe("enacted_gain");
    // t(.975, 4) = 2.776445
    expect(meanInterval(1, 0.5, 5).lower).toBeCloseTo(1 - 2.7764451051978 * 0.5, 10);
    expect(meanInterval(1, no, 1)).toEqual({ lower: no, upper: no });
  });

  test("V40: the gap between classes above and below the median", () => {
    expect(opportunityGap([1, 0.5, 0, 0], [2, 1, -1, -2])).toBe(0.75);
    // The median section counts on neither side; a section that was not filmed does not move the median.
    expect(opportunityGap([1, 0.5, 0, no], [2, 1, -1, 9])).toBe(1);
    expect(opportunityGap([1, 0], [1, 1])).toBeNaN();
    expect(opportunityGap([no, no], [1, 3], "between_variance")).toBe(2);
  });

  test("V32, V36, V39, V41", () => {
    expect([
      achievement(0.5, no, 1),
      achievement(0.5, no, 1, "gain"),
      achievement(0.5, 0.25, 1, "gain"),
      achievement(0.5, 0, 1, "proficiency"),
    ]).toEqual([0.5, no, 0.25, 1]);
    expect([mutual(3, 0), mutual(no, 2), mutual(3, 2, "product"), imbalance(1, 3)]).toEqual([0, no, 6, -2]);
    expect([0, 1, 2].map((level) => takenUp(level))).toEqual([0, 1, 1]);
    expect([0, 1, 2].map((level) => takenUp(level, "complete"))).toEqual([0, 0, 1]);
    expect([0, 1, 2, no].map((level) => success(level))).toEqual([0, 0, 1, no]);
    expect([0, 1, 2].map((level) => success(level, "partial"))).toEqual([0, 1, 1]);
    expect([rmtComposite([0, 3, 3, no]), rmtComposite([0, 3, no, no, no])]).toEqual([2, no]);
  });
});

describe("graphs and objects", () => {
  // A star of three around 0, and a pair 4 - 5 apart.
  const star = [[1, 2, 3], [0], [0], [0], [5], [4]];

  test("betweenness: the centre of a star lies between all pairs of the others", () => {
    expect(betweenness(star)).toEqual(n(3, 0, 0, 0, 0, 0));
    // A square: two shortest paths between opposite corners, half a path for each of the others.
    expect(
      betweenness([
        [1, 3],
        [0, 2],
        [1, 3],
        [0, 2],
      ]),
    ).toEqual(n(0.5, 0.5, 0.5, 0.5));
  });

  test("constraint: a star's centre is free, its rays are bound, a triangle's corners lie between", () => {
    const values = constraint(star);
    expect([values[0], values[1]]).toEqual([expect.closeTo(1 / 3, 14), 1]);
    // Each of a triangle: p = 1/2, indirect 1/2 x 1/2: 2 (3/4)^2
    expect(
      Array.from(
        constraint([
          [1, 2],
          [0, 2],
          [0, 1],
        ]),
      ),
    ).toEqual([1.125, 1.125, 1.125]);
    expect(Array.from(constraint([[]]))).toEqual([no]);
  });

  test("V34: brokers", () => {
    expect([isBroker([]), isBroker(["network"]), isBroker(["network", "network"]), isBroker(["network", "c_and_i"])]).toEqual([0, 0, 0, 1]);
    const groups = [
      { type: "math_team", members: [0, 1] },
      { type: "c_and_i", members: [1, 2] },
    ];
    expect(
      projection(3, [
        [0, 1],
        [1, 2],
      ]),
    ).toEqual([[1], [0, 2], [1]]);
    expect(
      twoMode(3, [
        [0, 1],
        [1, 2],
      ]),
    ).toEqual([[3], [3, 4], [4], [0, 1], [1, 2]]);
    expect(brokerScores(3, groups)).toEqual(n(0, 1, 0));
    expect(brokerScores(3, groups, "participation")).toEqual(n(0, 0.5, 0));
    // The chain 0 - A - 1 - B - 2: person 1 lies between {0, A} and {B, 2}
    expect(brokerScores(3, groups, "bimodal_betweenness")).toEqual(n(0, 4, 0));
    expect(brokerScores(3, groups, "constraint")).toEqual(n(1, 0.5, 1));
  });

  test("V35: pairs of groups with one meaning", () => {
    const meanings = ["pacing", "pacing", "monitoring", null];
    expect(boCompatible(meanings)).toBe(1 / 3);
    // 2 x 3 of 2 x 3 + 2 x 4 + 3 x 4
    expect(boCompatible(meanings, [2, 3, 4, 9], "weighted")).toBe(6 / 26);
    expect(boCompatible(["pacing", "pacing", "inquiry_into_thinking", "inquiry_into_thinking"], [], "improvement")).toBe(1 / 6);
    expect([boCompatible(["pacing"]), boCompatible([null, "pacing"])]).toEqual([no, no]);
  });
});

describe("practical measures", () => {
  test("V37: favourable and ordinal", () => {
    expect([
      isFavourable("a", ["a"]),
      isFavourable("a|b", ["a", "b"]),
      isFavourable("a|c", ["a", "b"]),
      isFavourable("", ["a"]),
      isFavourable(null, ["a"]),
    ]).toEqual([1, 1, 0, 0, no]);
    expect(["a", "b", "c"].map((code) => ordinalScore(code, ["a", "b", "c"], ["c"]))).toEqual([0, 0.5, 1]);
    expect(["a", "b", "c"].map((code) => ordinalScore(code, ["a", "b", "c"], ["a"]))).toEqual([1, 0.5, 0]);
    expect([ordinalScore("x", ["a", "b"], ["a"]), ordinalScore(null, ["a", "b"], ["a"]), ordinalScore("a", ["a"], ["a"])]).toEqual([
      no,
      no,
      no,
    ]);
  });

  const rules = { baseline: 8, shift: 6, limits: "normal" } as const;

  test("V38: six points on one side of the baseline's median are a shift, points on it are passed over", () => {
    const points = [0.4, 0.6, 0.4, 0.6, 0.4, 0.6, 0.4, 0.6, 0.7, 0.5, 0.7, 0.8, 0.7, 0.8];
    const chart = runChart(
      points,
      points.map(() => 20),
      rules,
    );
    expect(chart.median).toBe(0.5);
    expect(chart.centre).toBeCloseTo(0.5, 14);
    // 0.6 at place 8 begins the run; place 10 lies on the median.
    expect(Array.from(chart.shift)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1]);
    expect(
      Array.from(
        runChart(
          points,
          points.map(() => 20),
          { ...rules, shift: 8 },
        ).shift,
      ),
    ).not.toContain(1);
    expect(runChart(points.slice(0, 7), [], rules).median).toBeNaN();
  });

  test("V38: five points rising or falling are a trend; a tie ends it; the turn belongs to both", () => {
    const trend = (...points: number[]) =>
      Array.from(
        runChart(
          points,
          points.map(() => 9),
          rules,
        ).trend,
      );
    expect(trend(1, 2, 3, 4, 5, 4, 3, 2, 1)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(trend(1, 2, 3, 4, 4, 5, 6, 7)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(trend(1, 2, 3, 4, 4, 5, 6, 7, 8)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(trend(3, 1, 2, 3, 4, 5)).toEqual([0, 1, 1, 1, 1, 1]);
    expect(trend()).toEqual([]);
  });

  test("V38: limits of a p-chart, normal and binomial", () => {
    const points = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0];
    const sizes = points.map(() => 16);
    const chart = runChart(points, sizes, rules);
    // .5 +- 3 x sqrt(.25 / 16) = .5 +- .375
    expect([chart.lower[0], chart.upper[0]]).toEqual([0.125, 0.875]);
    expect(Array.from(chart.beyond.slice(7))).toEqual([0, 1, 1]);
    // Binomial(16, .5): P(X <= 2) = 137 / 65536 = .0021 is above .00135, P(X <= 1) = 17 / 65536 below it.
    const exact = runChart(points, sizes, { ...rules, limits: "binomial" });
    expect([exact.lower[0], exact.upper[0]]).toEqual([2 / 16, 14 / 16]);
    // At a share of 0 every favourable answer is a signal.
    const rare = runChart([0, 0, 0, 0, 0, 0, 0, 0, 0.1], Array(9).fill(10), { ...rules, limits: "binomial" });
    expect([rare.upper[8], rare.beyond[8]]).toEqual([0, 1]);
  });
});
