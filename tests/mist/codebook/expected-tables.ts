/** The tables and columns of the study's specification, section 1, written out by hand. */
const races = "p_black p_latinx p_white p_asian p_other";
const written: Readonly<Record<string, string>> = {
  districts: "district_id in_phase1 in_phase2 students_served curriculum framework coach_design formative_assessment leader_pd_experiment",
  cycles: "cycle academic_year phase october_start field_start field_end feedback_date",
  schools: "school_id district_id grade_low grade_high",
  school_years: `school_id cycle enrolment n_math_teachers ${races} p_el p_frl p_sped tracking collab_minutes_week principal_id improvement_plan_quality`,
  teachers: "teacher_id district_id first_cycle last_cycle exp_at_entry race_eth cert_math",
  teacher_years: "teacher_id cycle school_id focal entry_status exit_after grade_main n_sections interviewed surveyed filmed mkt_tested yr",
  coaches: "coach_id district_id",
  coach_years:
    "coach_id cycle fte instructional_practice trust_mean listens_mean negotiates_goals facilitation seen_as_evaluative h_one_on_one h_groups h_pd_lead h_tutoring h_data h_materials h_admin",
  coach_assignments: "coach_id school_id cycle share",
  // Ours: the leader's district, without which a district leader has no place.
  leaders: "leader_id district_id",
  leader_years:
    "leader_id cycle level role school_id orientation learning_perspective understands_demand_of_change vision_level in_partnership_core",
  principal_practices:
    "leader_id cycle obs_hours_day feedback_share feedback_specificity plc_attendance takes_over_plc protects_time coach_meetings_month observes_with_coach diverts_coach delegates_to_experts coach_collaboration",
  leader_task_sorts: "person_id occasion n_tasks n_high hits false_alarms recognises_features",
  sections: `section_id teacher_id school_id cycle grade course n_students ${races} p_el p_frl prior_mean prior_sd filmed`,
  lessons:
    "lesson_id section_id teacher_id cycle day minutes has_discussion setup_context_language setup_math_language setup_demand_kept n_students_present",
  raters: "rater_id certified first_cycle last_cycle",
  iqa_ratings:
    "lesson_id rater_id rating_order potential implementation discussion questioning teacher_linking student_linking teacher_press student_press participation",
  mkt_scores: "person_id cycle form mkt_z mkt_se",
  interviews: "interview_id person_id cycle role month minutes",
  vhqmi_codes: "interview_id coder_id coding_order role_of_teacher discourse tasks",
  vsmc_codes: "interview_id coder_id coding_order explanation adjustment n_excerpts",
  teacher_surveys:
    "teacher_id cycle press_leader press_coach assist_leader assist_coach trust_coach coach_evaluative collab_value collab_hours_month shared_vision_school framework_use view_tracking",
  pd_sessions:
    "pd_id district_id cycle date hours audience pedagogy focal_practice uses_own_materials sustained_series interaction_depth led_by_coach",
  pd_attendance: "pd_id person_id hours",
  collab_meetings:
    "meeting_id school_id cycle date minutes links_goals links_thinking links_instruction quality is_sharing_only facilitator_id expert_facilitation activity leader_present leader_takes_over",
  collab_attendance: "meeting_id person_id",
  coaching_events:
    "event_id coach_id cycle month mode activity teacher_id school_id hours pre_conference classroom_work debrief focal_practice foregrounds_thinking investigates enacts",
  network_roster: "person_id cycle school_id role responded",
  network_edges: "ego_id alter_id cycle frequency depth alter_role same_school",
  support_plans: "district_id cycle element planned_dose dose_unit planned_function planned_focus",
  support_enactments: "school_id cycle element enacted_dose enacted_function enacted_quality reason_code",
  groups: "group_id district_id school_id group_type formal",
  group_memberships: "person_id group_id cycle centrality share",
  boundary_objects: "object_id group_id cycle object_type function meaning negotiated",
  boundary_encounters: "encounter_id cycle group_a group_b n_per_year depth activity",
  role_relations: "district_id school_id cycle from_role to_role relation focus strength",
  students: "student_id gender race_eth home_language entry_cycle entry_grade",
  student_years: "student_id cycle grade school_id el frl sped math_z read_z math_prior_z read_prior_z proficient",
  student_teacher_links: "student_id cycle section_id teacher_id weight link_role",
  recommendations:
    "rec_id district_id cycle element uptake implementation aligned_priorities builds_on_initiative authorised_by_partner senior_leader_active implementer_expertise implementing_unit",
  improvement_plans: "plan_id school_id cycle problem version",
  improvement_plan_nodes: "plan_id node goal current_state gap indicator measure_id baseline target review_cycle owner_role",
  pm_items: "item_id measure response_type options favourable invented",
  pm_administrations: "admin_id section_id teacher_id cycle date occasion measure minutes change_event",
  // The student's identifier stands in a column of its own.
  pm_responses: "admin_id respondent item_id response student_id",
  rmt_schools: "rmt_school disadvantaged university_assisted",
  rmt_people: "rmt_person_id rmt_school role joined_year",
  rmt_years:
    "rmt_person_id rmt_year model leadership_stage vis_environment vis_task vis_teacher_role vis_student_experience vis_equity imp_adapting imp_sensemaking imp_productive_struggle imp_discussion pd_hours lesson_design_cycles sessions_led",
  truth_effects: "level id effect value",
  truth_teacher_years: "teacher_id cycle q_P q_M q_D slope",
  missing_log: "table key column mechanism",
};

export const expectedTables: readonly { readonly name: string; readonly columns: readonly string[] }[] = Object.entries(written).map(
  ([name, columns]) => ({ name, columns: columns.split(" ") }),
);
