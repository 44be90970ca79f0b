/**
 * Advice networks: who was asked, and who seeks advice from whom.
 */

export const networks = {
  network_roster: {
    label: "Network roster",
    description: "One person on the roster of the network survey in one cycle; it sets which pairs could be tied.",
    kind: "observable",
    primaryKey: ["person_id", "cycle"],
    foreignKeys: [
      {
        columns: ["person_id"],
        references: [
          { table: "teachers", columns: ["teacher_id"] },
          { table: "coaches", columns: ["coach_id"] },
          { table: "leaders", columns: ["leader_id"] },
        ],
      },
      { columns: ["school_id", "cycle"], references: [{ table: "school_years", columns: ["school_id", "cycle"] }] },
      { columns: ["cycle"], references: [{ table: "cycles", columns: ["cycle"] }] },
    ],
    columns: {
      person_id: { type: "id", entity: "person", source: ["000"], description: "The person." },
      cycle: { type: "integer", range: "cycle", source: ["000"], description: "The cycle." },
      school_id: {
        type: "id",
        entity: "school",
        null: { when: "district_staff" },
        source: ["000"],
        description: "The person's school; the main one where there are several.",
      },
      role: { type: "nominal", categories: "roster_role", source: ["000"], description: "The person's role." },
      responded: { type: "boolean", source: ["000"], description: "Whether the person answered; people only named by others did not." },
    },
  },
  network_edges: {
    label: "Advice ties",
    description: "One person seeking advice from another in one cycle.",
    kind: "observable",
    presence: "observed",
    primaryKey: ["ego_id", "alter_id", "cycle"],
    foreignKeys: [
      { columns: ["ego_id", "cycle"], references: [{ table: "network_roster", columns: ["person_id", "cycle"] }] },
      { columns: ["alter_id", "cycle"], references: [{ table: "network_roster", columns: ["person_id", "cycle"] }] },
    ],
    rules: [{ rule: "holds", condition: "partners_differ" }],
    columns: {
      ego_id: { type: "id", entity: "person", source: ["000"], description: "Who seeks advice." },
      alter_id: { type: "id", entity: "person", source: ["000"], description: "Who gives it." },
      cycle: { type: "integer", range: "cycle", source: ["000"], description: "The cycle." },
      frequency: {
        type: "ordered",
        categories: "tie_frequency",
        null: "item",
        source: ["000", "ours"],
        description: "How often advice is sought.",
      },
      depth: {
        type: "ordered",
        categories: "depth",
        null: "item",
        source: ["002", "003"],
        description: "What the advice is about: surface, or mathematics, pedagogy and reasoning.",
      },
      alter_role: { type: "nominal", categories: "roster_role", source: ["000"], description: "The role of the one who gives advice." },
      same_school: {
        type: "boolean",
        source: ["ours"],
        kind: "derived",
        description: "Whether both are of one school; false where one has no school.",
      },
    },
  },
} as const;
