/** The data-generating model: published bounds and orders, rates of missing data, readings, and what switches switch off. */
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../src/data/random.js";
import { choleskyFactor, logistic, ordered, orderedProbabilities, rounded, sharesOf } from "../../../src/mist/simulate/draws.js";
import { countsOf, momentsOf, records, rowsOf, shareOf, teacherViews } from "./studies.js";

const people = { student: { include: false } } as const;
const eight = rowsOf({ ...people, scale: 8, missing: "none" });

describe("views of students at scale 8", () => {
  const views = teacherViews(eight);

  test("explanations: less than a fifth productive, nearly three tenths unproductive", () => {
    expect(views).toHaveLength(8 * 720);
    expect(shareOf(views, (row) => row.explanation === "productive")).toBeLessThan(0.2);
    const unproductive = shareOf(views, (row) => row.explanation === "unproductive");
    expect(unproductive).toBeGreaterThanOrEqual(0.25);
    expect(unproductive).toBeLessThan(0.3);
  });

  test("adjustments: less than a fifth productive", () => {
    expect(shareOf(views, (row) => row.adjustment === "productive")).toBeLessThan(0.2);
  });
});

describe("instruction at scale 8", () => {
  test("has the specification's shares of potential, maintaining and discussion to .03", () => {
    const scores = records(eight);
    const high = scores.filter((row) => Number(row.potential) >= 3);
    expect(Math.abs(high.length / scores.length - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(shareOf(high, (row) => Number(row.implementation) >= 3) - 0.46)).toBeLessThan(0.03);
    expect(Math.abs(shareOf(scores, (row) => row.discussion === "0") - 0.21)).toBeLessThan(0.03);
    expect(Math.abs(shareOf(scores, (row) => Number(row.discussion) >= 3) - 0.22)).toBeLessThan(0.03);
  });

  test("demand is maintained more often by teachers with productive views than by those with mixed or unproductive ones", () => {
    const role = new Map(eight.interviews.map((row) => [row.interview_id, `${row.person_id} ${row.cycle}`]));
    const view = new Map(teacherViews(eight).map((row) => [role.get(row.interview_id)!, row.explanation]));
    const lesson = new Map(eight.lessons.map((row) => [row.lesson_id, `${row.teacher_id} ${row.cycle}`]));
    const rate = (explanation: string): number => {
      const own = records(eight).filter((row) => Number(row.potential) >= 3 && view.get(lesson.get(row.lesson_id)!) === explanation);
      return shareOf(own, (row) => Number(row.implementation) >= 3);
    };
    expect(rate("productive")).toBeGreaterThan(rate("mixed"));
    expect(rate("mixed")).toBeGreaterThan(rate("unproductive"));
  });

  test("true levels of practice have the declared variances in the first year", () => {
    const effects = (level: string, effect: string): number[] =>
      eight.truth_effects.filter((row) => row.level === level && row.effect === effect).map((row) => row.value);
    // 240 schools: the SD's standard error is 4.6 per cent; 4,500 teachers: 1 per cent.
    expect(momentsOf(effects("school", "u_M")).sd / Math.sqrt(0.45)).toBeCloseTo(1, 0);
    expect(Math.abs(momentsOf(effects("teacher", "u_M")).sd / Math.sqrt(0.7) - 1)).toBeLessThan(0.04);
    expect(Math.abs(momentsOf(effects("teacher", "slope")).sd / 0.15 - 1)).toBeLessThan(0.04);
    const [p, m, d] = ["u_P", "u_M", "u_D"].map((effect) => effects("teacher", effect));
    expect(Math.abs(correlation(p!, m!) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(correlation(m!, d!) - 0.6)).toBeLessThan(0.05);
  });

  test("a second rating equals the record in 78 of 100 cases for potential, and is within one in nearly all", () => {
    const first = new Map(records(eight).map((row) => [row.lesson_id, row]));
    const second = eight.iqa_ratings.filter((row) => row.rating_order === 2);
    const gaps = second.map((row) => Math.abs(Number(row.potential) - Number(first.get(row.lesson_id)!.potential)));
    expect(Math.abs(second.length / first.size - 0.2)).toBeLessThan(0.02);
    // Clipping at 4 gives a little more agreement than .78.
    expect(shareOf(gaps, (gap) => gap === 0)).toBeGreaterThan(0.76);
    expect(shareOf(gaps, (gap) => gap === 0)).toBeLessThan(0.85);
    expect(shareOf(gaps, (gap) => gap <= 1)).toBeGreaterThan(0.96);
    expect(second.every((row) => row.rater_id !== first.get(row.lesson_id)!.rater_id)).toBe(true);
  });
});

describe("networks at scale 8", () => {
  const roster = new Map(eight.network_roster.map((row) => [`${row.person_id} ${row.cycle}`, row]));

  test("coaches are asked more often than teachers, and teachers more often than administrators", () => {
    const within = eight.network_edges.filter((row) => row.same_school);
    const degree = (role: string): number => {
      const people = eight.network_roster.filter((row) => row.role === role);
      return within.filter((row) => row.alter_role === role).length / people.length;
    };
    expect(degree("coach")).toBeGreaterThan(degree("teacher"));
    expect(degree("teacher")).toBeGreaterThan(degree("administrator"));
  });

  test("a tie of the year before makes a tie likelier", () => {
    const ties = new Set(eight.network_edges.map((row) => `${row.ego_id} ${row.alter_id} ${row.cycle}`));
    const bySchool = new Map<string, string[]>();
    for (const row of eight.network_roster) {
      if (row.school_id === null || row.cycle === 1) continue;
      const key = `${row.school_id} ${row.cycle}`;
      bySchool.set(key, [...(bySchool.get(key) ?? []), row.person_id]);
    }
    const counts = { after: [0, 0], without: [0, 0] };
    for (const [key, members] of bySchool) {
      const cycle = Number(key.split(" ")[1]);
      for (const ego of members) {
        if (roster.get(`${ego} ${cycle}`)?.role !== "teacher" || !roster.has(`${ego} ${cycle - 1}`)) continue;
        for (const alter of members) {
          if (alter === ego || !roster.has(`${alter} ${cycle - 1}`)) continue;
          const own = ties.has(`${ego} ${alter} ${cycle - 1}`) ? counts.after : counts.without;
          own[1]!++;
          if (ties.has(`${ego} ${alter} ${cycle}`)) own[0]!++;
        }
      }
    }
    expect(counts.after[0]! / counts.after[1]!).toBeGreaterThan(0.5);
    expect(counts.without[0]! / counts.without[1]!).toBeLessThan(0.12);
  });
});

describe("coaches and principals", () => {
  test("coaches spend most of their time with single teachers on observing and feedback", () => {
    const counts = countsOf(eight.coaching_events.filter((row) => row.mode === "one_on_one").map((row) => row.activity));
    const most = [...counts].sort((a, b) => b[1] - a[1])[0]![0];
    expect(most).toBe("observe_feedback");
  });

  test("a coach's hours are those of the events", () => {
    const hours = new Map<string, number>();
    for (const row of eight.coaching_events) {
      if (row.mode !== "one_on_one") continue;
      const key = `${row.coach_id} ${row.cycle}`;
      hours.set(key, (hours.get(key) ?? 0) + row.hours);
    }
    for (const row of eight.coach_years) expect(row.h_one_on_one).toBeCloseTo(hours.get(`${row.coach_id} ${row.cycle}`)!, 6);
  });

  test("principals observe about two hours a day", () => {
    const { mean } = momentsOf(eight.principal_practices.map((row) => row.obs_hours_day!));
    expect(Math.abs(mean - 2)).toBeLessThan(0.1);
  });

  test("leaders tell high from low demand better after the experiment", () => {
    const score = (occasion: string): number => {
      const own = eight.leader_task_sorts.filter((row) => row.occasion === occasion);
      return momentsOf(own.map((row) => row.hits! - row.false_alarms!)).mean;
    };
    expect(score("post")).toBeGreaterThan(score("pre") + 1);
  });
});

describe("students", () => {
  const rows = rowsOf({ missing: "none" });

  test("scores stay standardised: in every grade mean within .15 of 0 and SD within .12 of 1", () => {
    for (const grade of [6, 7, 8]) {
      const { mean, sd } = momentsOf(rows.student_years.filter((row) => row.grade === grade).map((row) => row.math_z!));
      // Thirty schools: their effects alone move a grade's mean and SD by some hundredths.
      expect(Math.abs(mean)).toBeLessThan(0.15);
      expect(Math.abs(sd - 1)).toBeLessThan(0.12);
    }
  });

  test("a prior score is the score of the year before, where there was one", () => {
    const score = new Map(rows.student_years.map((row) => [`${row.student_id} ${row.cycle}`, row.math_z]));
    const returning = rows.student_years.filter((row) => score.has(`${row.student_id} ${row.cycle - 1}`));
    expect(returning.length).toBeGreaterThan(15_000);
    expect(returning.every((row) => row.math_prior_z === score.get(`${row.student_id} ${row.cycle - 1}`))).toBe(true);
  });

  test("the growth model has students who keep their level without a prior score in it", () => {
    const growth = rowsOf({ preset: "tiny", scale: 4, student: { model: "growth", perSection: 20 }, missing: "none" });
    const { sd } = momentsOf(growth.student_years.map((row) => row.math_z!));
    expect(Math.abs(sd - 1)).toBeLessThan(0.15);
  });

  test("tracked schools sort students by prior achievement more than de-tracked ones", () => {
    const tracking = new Map(rows.school_years.map((row) => [row.school_id, row.tracking]));
    const spread = (kind: string): number =>
      momentsOf(rows.sections.filter((row) => tracking.get(row.school_id) === kind).map((row) => row.prior_mean!)).sd;
    expect(spread("tracked")).toBeGreaterThan(spread("partly"));
    expect(spread("partly")).toBeGreaterThan(spread("detracked"));
  });
});

describe("missing data", () => {
  const rate = (rows: ReturnType<typeof rowsOf>, flag: "filmed" | "interviewed" | "surveyed" | "mkt_tested"): number =>
    shareOf(
      rows.teacher_years.filter((row) => row.focal),
      (row) => !row[flag],
    );

  test("units are lost at the declared rates by default", () => {
    const rows = rowsOf({ ...people, scale: 8 });
    // 5,760 teacher-years: three standard errors are .009 at most.
    expect(Math.abs(rate(rows, "filmed") - 0.05)).toBeLessThan(0.01);
    expect(Math.abs(rate(rows, "interviewed") - 0.02)).toBeLessThan(0.01);
    expect(Math.abs(rate(rows, "surveyed") - 0.03)).toBeLessThan(0.01);
    expect(Math.abs(rate(rows, "mkt_tested") - 0.05)).toBeLessThan(0.01);
  });

  test("mnar: those who refuse to be filmed have lower levels of practice", () => {
    const rows = rowsOf({ ...people, scale: 3, missing: "mnar" });
    const filmed = new Map(rows.teacher_years.map((row) => [`${row.teacher_id} ${row.cycle}`, row.filmed]));
    const level = (there: boolean): number =>
      momentsOf(rows.truth_teacher_years.filter((row) => filmed.get(`${row.teacher_id} ${row.cycle}`) === there).map((row) => row.q_M))
        .mean;
    expect(level(true)).toBeGreaterThan(level(false) + 0.5);
  });

  test("mar: those who end their participation trusted their coach less, and do not come back", () => {
    const rows = rowsOf({ ...people, scale: 3, missing: "mar" });
    const gone = new Map<string, number>();
    for (const row of rows.missing_log) {
      if (row.mechanism !== "attrition" || row.table !== "teacher_surveys") continue;
      const [teacher, cycle] = row.key.split("|");
      gone.set(teacher!, Math.min(gone.get(teacher!) ?? 9, Number(cycle)));
    }
    // Scale 3 is the beginning of scale 8.
    const there = new Set(rows.teachers.map((row) => row.teacher_id));
    const complete = eight.teacher_surveys.filter((row) => there.has(row.teacher_id));
    const trust = (left: boolean): number =>
      momentsOf(complete.filter((row) => (gone.get(row.teacher_id) === row.cycle + 1) === left).map((row) => row.trust_coach!)).mean;
    expect(gone.size).toBeGreaterThan(50);
    expect(trust(false)).toBeGreaterThan(trust(true) + 0.1);
    const back = rows.teacher_surveys.filter((row) => row.cycle >= (gone.get(row.teacher_id) ?? 9));
    expect(back).toEqual([]);
  });
});

describe("switches", () => {
  const support = (effects: Record<string, boolean>): number[] =>
    rowsOf({ preset: "tiny", effects })
      .truth_effects.filter((row) => row.effect === "support")
      .map((row) => row.value);

  test("support is nothing where networks, coaching, principals and meetings are off", () => {
    expect(support({ network: false, coaching: false, principal: false, meetings: false }).every((value) => value === 0)).toBe(true);
    expect(support({}).some((value) => value !== 0)).toBe(true);
  });

  test("latent measurement makes other lessons of the same people", () => {
    const [observed, latent] = [rowsOf({ preset: "tiny" }), rowsOf({ preset: "tiny", measurement: "latent" })];
    expect(latent.mkt_scores).toEqual(observed.mkt_scores);
    expect(latent.iqa_ratings).not.toEqual(observed.iqa_ratings);
  });
});

describe("draws", () => {
  test("an ordered outcome has the probabilities of its thresholds", () => {
    const stream = randomStream(5, "ordered");
    const counts = countsOf(Array.from({ length: 20_000 }, () => ordered(stream, 0.3, [-1, 0.5, 2])));
    const expected = orderedProbabilities(0.3, [-1, 0.5, 2]);
    expect(expected.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
    expect(expected[3]).toBeCloseTo(logistic(0.3 - 2), 14);
    // Four standard errors of a share at 20,000 draws are at most .014.
    for (const [k, p] of expected.entries()) expect(Math.abs(counts.get(k)! / 20_000 - p)).toBeLessThan(0.014);
  });

  test("a Cholesky factor gives its covariance back, singular ones too", () => {
    const factor = choleskyFactor([4, 2, 0, 2, 1, 0, 0, 0, 9]);
    const back = [0, 1, 2].map((i) => [0, 1, 2].map((j) => [0, 1, 2].reduce((sum, k) => sum + factor[k * 3 + i]! * factor[k * 3 + j]!, 0)));
    expect(back).toEqual([
      [4, 2, 0],
      [2, 1, 0],
      [0, 0, 9],
    ]);
  });

  test("shares sum to 1 in millionths", () => {
    for (const weights of [
      [1, 1, 1],
      [0.2, 0.7, 1e-9],
      [5, 0, 0, 2, 3],
    ]) {
      expect(sharesOf(weights).reduce((sum, share) => sum + Math.round(share * 1e6), 0)).toBe(1e6);
    }
  });

  test("rounding gives no minus nothing", () => {
    expect(Object.is(rounded(-1e-9), 0)).toBe(true);
    expect(rounded(1.23456789)).toBe(1.234568);
  });
});

function correlation(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [momentsOf(x), momentsOf(y)];
  return x.reduce((sum, value, k) => sum + (value - a.mean) * (y[k]! - b.mean), 0) / (x.length - 1) / a.sd / b.sd;
}
