/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-drift.h"

#include <time.h>

#include "pf-drift-cause.h"
#include "pf-plan-router.h"

/* How long after a resume a change still counts as its doing. */
#define RESUME_SECONDS 10
/* Put right so often within that time; then somebody means it. */
#define MAX_ATTEMPTS 2
#define ATTEMPTS_SECONDS 60

typedef struct
{
  guint32 routing;
  guint32 super_speed;
} Registers;

struct _PfDrift
{
  GHashTable *left;     /* router address -> Registers as we left them */
  GHashTable *reported; /* router address -> Registers as they were last reported */
  gint64 slept;         /* how long the machine has slept since it was started, us */
  gint64 resumed;       /* when it woke up, CLOCK_MONOTONIC in us; 0 for not lately */
  guint attempts;
  gint64 first_attempt; /* CLOCK_MONOTONIC in us */
};

static gint64
read_clock (clockid_t clock)
{
  struct timespec now;

  if (clock_gettime (clock, &now) < 0)
    return 0;
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* CLOCK_MONOTONIC stands still while the machine sleeps, CLOCK_BOOTTIME does not: so a sleep is known before
 * anybody tells of it. */
static void
look_at_clocks (PfDrift *drift)
{
  gint64 slept = read_clock (CLOCK_BOOTTIME) - read_clock (CLOCK_MONOTONIC);

  if (slept > drift->slept + G_USEC_PER_SEC / 10)
    pf_drift_note_resume (drift);
  drift->slept = slept;
}

/**
 * pf_drift_new:
 *
 * Returns: (transfer full): nothing remembered
 */
PfDrift *
pf_drift_new (void)
{
  PfDrift *drift = g_new0 (PfDrift, 1);

  drift->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  drift->reported = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  drift->slept = read_clock (CLOCK_BOOTTIME) - read_clock (CLOCK_MONOTONIC);
  return drift;
}

/**
 * pf_drift_free:
 * @drift: (transfer full): what is remembered
 */
void
pf_drift_free (PfDrift *drift)
{
  g_hash_table_unref (drift->left);
  g_hash_table_unref (drift->reported);
  g_free (drift);
}

/**
 * pf_drift_note_resume:
 * @drift: what is remembered
 *
 * The machine has just woken up, or is about to sleep: the clock that is asked here stands still meanwhile.
 */
void
pf_drift_note_resume (PfDrift *drift)
{
  drift->resumed = g_get_monotonic_time ();
}

static void
put (GHashTable *table, const PfRouter *router)
{
  Registers *registers = g_new0 (Registers, 1);

  registers->routing = router->value;
  registers->super_speed = router->super_speed_value;
  g_hash_table_replace (table, g_strdup (router->controller->function->address), registers);
}

/**
 * pf_drift_remember:
 * @drift: what is remembered
 * @board: the machine as it was just read
 * @loans: what is lent; only routers with a routing of ours in force count
 *
 * Takes what the registers hold now for what they shall hold.
 */
void
pf_drift_remember (PfDrift *drift, const PfBoard *board, const PfLoans *loans)
{
  g_hash_table_remove_all (drift->left);
  g_hash_table_remove_all (drift->reported);
  for (guint i = 0; i < board->routers->len; i++)
    {
      const PfRouter *router = board->routers->pdata[i];
      const char *address = router->controller->function->address;
      guint32 home;

      if (pf_loans_get_home (loans, address, PF_SETTING_ROUTING, &home)
          || pf_loans_get_home (loans, address, PF_SETTING_SUPER_SPEED, &home))
        put (drift->left, router);
    }
}

static gboolean
is_as (const PfRouter *router, const Registers *registers)
{
  return registers != NULL && router->value == registers->routing
         && router->super_speed_value == registers->super_speed;
}

/**
 * pf_drift_compare:
 * @drift: what is remembered
 * @board: the machine as it was just read
 * @report: called for each router that holds something else than what is remembered; once for each other
 * value
 * @user_data: for @report
 */
void
pf_drift_compare (PfDrift *drift, const PfBoard *board, PfDriftFunc report, gpointer user_data)
{
  gboolean resumed;
  GHashTableIter iter;
  gpointer address;
  gpointer left;

  look_at_clocks (drift);
  resumed = drift->resumed != 0 && g_get_monotonic_time () - drift->resumed < RESUME_SECONDS * G_USEC_PER_SEC;
  g_hash_table_iter_init (&iter, drift->left);
  while (g_hash_table_iter_next (&iter, &address, &left))
    {
      const Registers *was = left;
      const PfRouter *router = pf_board_find_router (board, address);
      PfDriftFacts facts;

      if (router == NULL || is_as (router, was)
          || is_as (router, g_hash_table_lookup (drift->reported, address)))
        continue;
      facts = pf_drift_get_facts (router, resumed);
      put (drift->reported, router);
      if (router->value != was->routing)
        report (address, was->routing, router->value, pf_drift_find_cause (&facts), user_data);
      else
        report (address, was->super_speed, router->super_speed_value, pf_drift_find_cause (&facts),
                user_data);
    }
}

/**
 * pf_drift_plan_restore:
 * @drift: what is remembered
 * @board: the machine as it was just read
 *
 * Returns: (transfer full): takes the registers back to what is remembered; empty where they hold it
 */
PfPlan *
pf_drift_plan_restore (PfDrift *drift, const PfBoard *board)
{
  PfPlan *plan = pf_plan_new (PF_PROFILE_HOME);

  for (guint i = 0; i < board->routers->len; i++)
    {
      const PfRouter *router = board->routers->pdata[i];
      const Registers *left = g_hash_table_lookup (drift->left, router->controller->function->address);

      if (left != NULL)
        pf_plan_add_restore (plan, router, left->routing, left->super_speed);
    }
  return plan;
}

/**
 * pf_drift_begin_restore:
 * @drift: what is remembered
 *
 * Returns: whether it may be put right once more; FALSE when that was done twice within a minute already:
 * then it is for people to find out who does it
 */
gboolean
pf_drift_begin_restore (PfDrift *drift)
{
  gint64 now = g_get_monotonic_time ();

  if (drift->attempts <= MAX_ATTEMPTS && now - drift->first_attempt > ATTEMPTS_SECONDS * G_USEC_PER_SEC)
    {
      drift->attempts = 0;
      drift->first_attempt = now;
    }
  if (drift->attempts <= MAX_ATTEMPTS)
    drift->attempts++;
  return drift->attempts <= MAX_ATTEMPTS;
}

/**
 * pf_drift_forgive:
 * @drift: what is remembered
 *
 * Somebody has switched: what follows is judged anew.
 */
void
pf_drift_forgive (PfDrift *drift)
{
  drift->attempts = 0;
}
