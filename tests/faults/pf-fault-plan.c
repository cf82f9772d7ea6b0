/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fault-plan.h"

#define SEED 20240607u
#define PER_CASE 1000 /* the most schedules of a case */
#define DOUBLES 20
#define RELAPSES 16

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
  { "x99", "home", "07:00.0" },
  { "x99", "07:00.0,00:1d.0", "home" },
  { "h81", "home", "00:1a.0;ehci2/1" },
  { "h81", "00:1a.0;ehci2/1", "home" },
  { "z77", "home", "00:1d.0;ehci1/1" },
  { "z77", "00:1d.0;ehci1/1", "home" },
  { "vmd", "home", "10000:e1:00.0" },
  { "vmd", "10000:e1:00.0", "home" },
  { "amd-shared", "home", "21:00.3" },
  { "amd-shared", "21:00.3", "home" },
  { "odd", "home", "05:01.0" },
  { "odd", "05:01.0", "home" },
  { "laptop", "home", "00:14.0" },
  { "laptop", "00:14.0", "home" },
  { "z97", "home", "00:14.0;ehci1/1" },
  { "z97~", "home", "00:1d.0;ehci1/1,ehci1/5;auto;off" },
  { "z97~", "00:1d.0;ehci1/1,ehci1/5;auto;off", "home" },
  { "z97~", "00:1d.0;ehci1/1;auto;off", "00:1d.0;ehci1/2;auto;off" },
  { "z97~", "00:1d.0;ehci1/1;auto;off", "00:1d.0;ehci1/1" },
  { "x99~", "home", ";ehci1/1,ehci2/1;ehci;off" },
  { "x99~", ";ehci1/1,ehci2/1;ehci;off", "home" },
  { "z97!", "home", "00:1a.0" },
  { "z97!", "00:1a.0", "home" },
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
  g_auto (GStrv) parts = g_strsplit (wish, ";", 4);
  guint n_parts = g_strv_length (parts);
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
  if (n_parts > 1)
    {
      ports = g_strsplit (parts[1], ",", -1);
      for (guint i = 0; ports[i] != NULL; i++)
        g_assert_true (pf_port_set_add_name (&profile->ports, ports[i], NULL));
    }
  if (n_parts > 2)
    g_assert_true (pf_profile_set_side (profile, parts[2], NULL));
  profile->super_speed_off = n_parts > 3 && g_str_equal (parts[3], "off");
  /* So that both the owner and the mode of a node are other ones than the kernel's. */
  pf_profile_set_vfio_user (profile, "daemon", &error);
  g_assert_no_error (error);
  pf_profile_set_vfio_group (profile, "daemon", &error);
  g_assert_no_error (error);
  return profile;
}

static void
add (GArray *schedules, PfFaultSchedule schedule)
{
  schedule.number = schedule.case_number * PER_CASE + schedules->len;
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

/* Two callers: the other one comes just after that change. */
static void
add_calls (GArray *schedules, const PfFaultSchedule *base)
{
  PfFaultSchedule schedule = *base;

  schedule.kind = PF_FAULT_RACE;
  add (schedules, schedule);
  schedule.kind = PF_FAULT_CALL;
  add (schedules, schedule);
}

/* Pairs of failures at random: the second may strike the roll-back of the first. */
static void
add_doubles (GArray *schedules, const PfFaultSchedule *base, GRand *random, guint count)
{
  static const char *const effects[] = { "EIO", "EBUSY", "ENODEV", "EPERM", "ignored" };

  for (guint i = 0; i < DOUBLES; i++)
    {
      PfFaultSchedule schedule = *base;

      schedule.kind = PF_FAULT_DOUBLE;
      schedule.op = (guint) g_rand_int_range (random, 0, (gint32) count);
      schedule.second = (guint) g_rand_int_range (random, 0, (gint32) count);
      schedule.effect = effects[g_rand_int_range (random, 0, G_N_ELEMENTS (effects))];
      add (schedules, schedule);
    }
}

/* Two helpers die, one after the other, at random moments: the second one at a change to the kernel, or at a
 * file. */
static void
add_relapses (GArray *schedules, const PfFaultSchedule *base, GRand *random, guint count)
{
  for (guint i = 0; i < RELAPSES; i++)
    {
      PfFaultSchedule schedule = *base;

      schedule.kind = PF_FAULT_RELAPSE;
      schedule.victim = "group";
      schedule.before = i % 2 == 0;
      schedule.at_sync = i % 4 < 2;
      schedule.op = (guint) g_rand_int_range (random, 0, (gint32) count);
      schedule.second = (guint) g_rand_int_range (random, 0, (gint32) MAX (count, 4));
      add (schedules, schedule);
    }
}

/* Bringing everything home is not all-or-nothing, and is finished by whoever comes next. */
static void
add_ways_home (GArray *schedules, const PfFaultSchedule *base)
{
  static const char *const effects[] = { "EIO", "ignored" };
  PfFaultSchedule schedule = *base;

  schedule.kind = PF_FAULT_HOME_FAIL;
  for (guint i = 0; i < 2 * G_N_ELEMENTS (effects); i++)
    {
      schedule.effect = effects[i / 2];
      schedule.forever = i % 2 == 1;
      add (schedules, schedule);
    }
  schedule = *base;
  schedule.kind = PF_FAULT_HOME_KILL;
  schedule.victim = "group";
  for (guint i = 0; i < 2; i++)
    {
      schedule.before = i == 0;
      add (schedules, schedule);
    }
}

static void
add_at (GArray *schedules, const PfFaultSchedule *base, const PfFaultOps *ops)
{
  gboolean by_helper = (ops->by_helper >> base->op & 1) != 0;
  PfFaultSchedule disk = *base;

  add_failures (schedules, base);
  add_kills (schedules, base, by_helper);
  if (!by_helper)
    add_hangs (schedules, base);
  add_calls (schedules, base);
  if (g_str_equal (base->case_->to, PF_PROFILE_HOME))
    add_ways_home (schedules, base);
  disk.kind = PF_FAULT_DISK;
  add (schedules, disk);
}

/* One in four, and at the next change to the kernel others: each thing that can go wrong does so at every
 * fourth change. */
static void
thin_out (GArray *schedules)
{
  guint kept = 0;

  for (guint i = 0; i < schedules->len; i++)
    {
      const PfFaultSchedule *schedule = &g_array_index (schedules, PfFaultSchedule, i);

      if ((schedule->number + schedule->op) % PF_FAULT_ONE_IN == 0)
        g_array_index (schedules, PfFaultSchedule, kept++) = *schedule;
    }
  g_array_set_size (schedules, kept);
}

/**
 * pf_fault_plan_create_schedules:
 * @index: of a switch, from 0
 * @ops: what it does to the kernel when all goes well
 * @all: whether to try each; else one in four
 *
 * Returns: (transfer full) (element-type PfFaultSchedule): what is tried with it, the same every time
 */
GArray *
pf_fault_plan_create_schedules (guint index, const PfFaultOps *ops, gboolean all)
{
  static const PfFaultKind others[] = { PF_FAULT_RIVAL, PF_FAULT_WAIT };
  GArray *schedules = g_array_new (FALSE, FALSE, sizeof (PfFaultSchedule));
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED + index);
  PfFaultSchedule base = { .case_ = &cases[index], .case_number = index, .second = ops->count };

  for (base.op = 0; base.op < ops->count; base.op++)
    add_at (schedules, &base, ops);
  base.kind = PF_FAULT_CRASH;
  for (base.op = 0; base.op < ops->syncs; base.op++)
    add (schedules, base);
  base.op = 0;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      base.kind = others[i];
      add (schedules, base);
    }
  add_doubles (schedules, &base, random, ops->count);
  add_relapses (schedules, &base, random, ops->count);
  g_assert_cmpuint (schedules->len, <=, PER_CASE);
  if (!all)
    thin_out (schedules);
  return schedules;
}

/**
 * pf_fault_plan_get_case_of:
 * @number: of a schedule
 *
 * Returns: the switch that it is tried with
 */
guint
pf_fault_plan_get_case_of (guint number)
{
  return number / PER_CASE;
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
  static const char *const kinds[] = {
    [PF_FAULT_FAIL] = "fail",
    [PF_FAULT_BLOCK] = "block",
    [PF_FAULT_KILL] = "kill",
    [PF_FAULT_TEAR] = "tear",
    [PF_FAULT_ORPHAN] = "orphan",
    [PF_FAULT_VANISH] = "vanish",
    [PF_FAULT_DISK] = "disk",
    [PF_FAULT_RACE] = "race",
    [PF_FAULT_CALL] = "call",
    [PF_FAULT_RIVAL] = "rival",
    [PF_FAULT_WAIT] = "wait",
    [PF_FAULT_REVERT_KILL] = "revert-kill",
    [PF_FAULT_REVERT_FAIL] = "revert-fail",
    [PF_FAULT_DOUBLE] = "double",
    [PF_FAULT_CRASH] = "crash",
    [PF_FAULT_HOME_FAIL] = "home-fail",
    [PF_FAULT_HOME_KILL] = "home-kill",
    [PF_FAULT_RELAPSE] = "relapse",
  };
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "schedule %u: %s, “%s” to “%s”: %s at %u", schedule->number,
                          schedule->case_->board, schedule->case_->from, schedule->case_->to,
                          kinds[schedule->kind], schedule->op);
  if (schedule->effect != NULL)
    g_string_append_printf (text, ", %s", schedule->effect);
  if (schedule->victim != NULL)
    g_string_append_printf (text, ", %s %s it", schedule->victim, schedule->before ? "before" : "after");
  if (schedule->forever)
    g_string_append (text, ", for ever");
  if (schedule->kind == PF_FAULT_DOUBLE || schedule->kind == PF_FAULT_RELAPSE)
    g_string_append_printf (text, ", then at %s%u", schedule->at_sync ? "sync " : "", schedule->second);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
