/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fault-plan.h"

#define SEED 20240607u
#define DOUBLES 50

static const PfFaultCase cases[] = {
  { "z97", "home", "00:1a.0" },
  { "z97+", "home", "00:1a.0;ehci2/3" },
  { "z97", "00:1a.0;ehci2/3", "home" },
  { "z97", "00:1a.0", "00:1a.0;ehci2/3" },
  { "z97", "00:1a.0;ehci2/3", "00:1a.0" },
  { "z97", "00:1a.0;ehci2/3", "00:1d.0;ehci1/5" },
  { "z97", "home", ";ehci2/3;ehci" },
  { "z97", "00:1a.0,00:1d.0;ehci2/3,ehci1/5", "home" },
  { "z97", "home", "00:1a.0,00:1d.0;ehci2/3" },
  { "x99", "home", "00:1d.0" },
  { "x99", "home", "07:00.0" },
  { "x99", "07:00.0,00:1d.0", "home" },
  { "h81", "home", "00:1a.0;ehci2/1" },
  { "h81", "00:1a.0;ehci2/1", "home" },
  { "z77", "home", "00:1a.0" },
  { "z77", "home", "00:1d.0;ehci1/1" },
  { "z77", "00:1d.0;ehci1/1", "home" },
  { "vmd", "home", "10000:e1:00.0" },
  { "vmd", "10000:e1:00.0", "home" },
  { "amd-shared", "home", "21:00.3" },
  { "amd-shared", "21:00.3", "home" },
  { "odd", "home", "05:01.0" },
  { "odd", "05:01.0", "home" },
};

/**
 * pf_fault_plan_count_cases:
 *
 * Returns: how many switches are tried
 */
guint
pf_fault_plan_count_cases (void)
{
  return G_N_ELEMENTS (cases);
}

/**
 * pf_fault_plan_get_case:
 * @index: from 0
 *
 * Returns: a switch
 */
const PfFaultCase *
pf_fault_plan_get_case (guint index)
{
  return &cases[index];
}

/**
 * pf_fault_plan_create_profile:
 * @id: its name
 * @wish: what it is, as in PfFaultCase
 *
 * Returns: (transfer full): the profile
 */
PfProfile *
pf_fault_plan_create_profile (const char *id, const char *wish)
{
  g_auto (GStrv) parts = g_strsplit (wish, ";", 3);
  PfProfile *profile;
  g_auto (GStrv) controllers = NULL;
  g_auto (GStrv) ports = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (wish, "home"))
    return pf_profile_new_home ();
  profile = pf_profile_new (id);
  controllers = g_strsplit (parts[0], ",", -1);
  for (guint i = 0; controllers[i] != NULL; i++)
    {
      g_autofree char *address = g_str_has_prefix (controllers[i], "1000")
                                     ? g_strdup (controllers[i])
                                     : g_strconcat ("0000:", controllers[i], NULL);

      g_ptr_array_add (profile->controllers, pf_device_key_new (address));
    }
  if (parts[1] != NULL)
    {
      ports = g_strsplit (parts[1], ",", -1);
      for (guint i = 0; ports[i] != NULL; i++)
        g_assert_true (pf_port_set_add_name (&profile->ports, ports[i], NULL));
    }
  if (parts[1] != NULL && parts[2] != NULL)
    pf_profile_set_side (profile, parts[2], NULL);
  pf_profile_set_vfio_user (profile, "daemon", &error);
  g_assert_no_error (error);
  return profile;
}

static void
add (GArray *schedules, PfFaultSchedule schedule)
{
  schedule.number = schedules->len;
  schedule.seed = SEED ^ (schedule.number * 2654435761u);
  g_array_append_val (schedules, schedule);
}

static void
add_kills (GArray *schedules, const PfFaultSchedule *base, gboolean by_helper)
{
  static const char *const victims[] = { "caller", "group", "parent" };

  for (guint i = 0; i < G_N_ELEMENTS (victims); i++)
    for (guint after = 0; after < 2; after++)
      {
        PfFaultSchedule schedule = *base;

        /* The helper's parent is we. */
        if (by_helper && i == 2)
          continue;
        schedule.kind = PF_FAULT_KILL;
        schedule.victim = victims[i];
        schedule.before = !after;
        add (schedules, schedule);
        if (i != 1)
          continue;
        schedule.kind = PF_FAULT_REVERT_KILL;
        add (schedules, schedule);
        schedule.op += base->second;
        add (schedules, schedule);
        schedule.op = base->op;
        schedule.kind = PF_FAULT_TEAR;
        for (guint tears = 0; tears < 2; tears++)
          add (schedules, schedule);
      }
}

static void
add_failures (GArray *schedules, const PfFaultSchedule *base)
{
  static const char *const effects[] = { "EIO", "EBUSY", "ENODEV", "EPERM", "short", "ignored" };

  for (guint i = 0; i < G_N_ELEMENTS (effects); i++)
    for (guint forever = 0; forever < 2; forever++)
      {
        PfFaultSchedule schedule = *base;

        schedule.kind = PF_FAULT_FAIL;
        schedule.effect = effects[i];
        schedule.forever = forever;
        add (schedules, schedule);
        if (forever || i > 1)
          continue;
        schedule.kind = PF_FAULT_REVERT_FAIL;
        schedule.op += base->second;
        add (schedules, schedule);
      }
}

static void
add_hangs (GArray *schedules, const PfFaultSchedule *base)
{
  PfFaultSchedule schedule = *base;

  schedule.kind = PF_FAULT_BLOCK;
  add (schedules, schedule);
  schedule.forever = TRUE;
  add (schedules, schedule);
  schedule.forever = FALSE;
  schedule.kind = PF_FAULT_ORPHAN;
  add (schedules, schedule);
  schedule.kind = PF_FAULT_VANISH;
  add (schedules, schedule);
}

/* Pairs of failures at random: the second may strike the roll-back of the first. */
static void
add_doubles (GArray *schedules, const PfFaultCase *case_, guint count)
{
  static const char *const effects[] = { "EIO", "EBUSY", "ENODEV", "EPERM", "ignored" };
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED + schedules->len);

  for (guint i = 0; i < DOUBLES; i++)
    {
      PfFaultSchedule schedule = { .case_ = case_, .kind = PF_FAULT_DOUBLE };

      schedule.op = (guint) g_rand_int_range (random, 0, (gint32) count);
      schedule.second = (guint) g_rand_int_range (random, 0, (gint32) count);
      schedule.effect = effects[g_rand_int_range (random, 0, G_N_ELEMENTS (effects))];
      add (schedules, schedule);
    }
}

/**
 * pf_fault_plan_add_schedules:
 * @schedules: (element-type PfFaultSchedule): where to add them
 * @case_: a switch
 * @ops: what it does to the kernel when all goes well
 */
void
pf_fault_plan_add_schedules (GArray *schedules, const PfFaultCase *case_, const PfFaultOps *ops)
{
  static const PfFaultKind others[] = { PF_FAULT_RACE, PF_FAULT_RIVAL, PF_FAULT_WAIT };

  for (guint op = 0; op < ops->count; op++)
    {
      PfFaultSchedule base = { .case_ = case_, .op = op, .second = ops->count };
      gboolean by_helper = (ops->by_helper >> op & 1) != 0;

      add_failures (schedules, &base);
      add_kills (schedules, &base, by_helper);
      if (!by_helper)
        add_hangs (schedules, &base);
      base.kind = PF_FAULT_DISK;
      add (schedules, base);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    add (schedules, (PfFaultSchedule){ .case_ = case_, .kind = others[i] });
  add_doubles (schedules, case_, ops->count);
}

/**
 * pf_fault_plan_describe:
 * @schedule: a schedule
 *
 * Returns: (transfer full): it in words
 */
char *
pf_fault_plan_describe (const PfFaultSchedule *schedule)
{
  static const char *const kinds[]
      = { "fail", "block", "kill", "tear",        "orphan",      "vanish", "disk",
          "race", "rival", "wait", "revert-kill", "revert-fail", "double" };

  return g_strdup_printf ("schedule %u: %s, “%s” to “%s”: %s at %u %s %s %s%s", schedule->number,
                          schedule->case_->board, schedule->case_->from, schedule->case_->to,
                          kinds[schedule->kind], schedule->op,
                          schedule->effect != NULL ? schedule->effect : "",
                          schedule->victim != NULL ? schedule->victim : "",
                          schedule->victim == NULL ? ""
                          : schedule->before       ? "before"
                                                   : "after",
                          schedule->forever ? "for ever" : "");
}
