/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-first-run.h"

#define FOLDER "portferry"
#define MARK "welcomed"

/* That somebody was welcomed is noted in ~/.config/portferry/welcomed. Without that note the helper is woken
 * once, to be asked whether there is a profile; with it, the start of the tray wakes nobody. */
struct _PfFirstRun
{
  GObject parent;
  PfTray *tray;
  gboolean waiting; /* for the helper's answer; the tray is held meanwhile */
};

G_DEFINE_TYPE (PfFirstRun, pf_first_run, G_TYPE_OBJECT)

enum
{
  WELCOME,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
get_mark (void)
{
  return g_build_filename (g_get_user_config_dir (), FOLDER, MARK, NULL);
}

static void
note (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), FOLDER, NULL);
  g_autofree char *mark = get_mark ();
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  /* Then somebody will be welcomed twice. */
  if (!g_file_set_contents (mark, "", 0, &error))
    g_debug ("It cannot be noted that this was the first start: %s", error->message);
}

static void
stop_waiting (PfFirstRun *run)
{
  if (!run->waiting)
    return;
  run->waiting = FALSE;
  g_signal_handlers_disconnect_by_data (run->tray, run);
  pf_tray_release (run->tray);
}

static void
on_changed (PfFirstRun *run)
{
  const PfTrayState *state = pf_tray_get_state (run->tray);
  gboolean is_new = state->profiles->len <= 1;

  if (state->presence != PF_PRESENCE_AWAKE)
    return;
  note ();
  g_object_ref (run);
  if (is_new)
    g_signal_emit (run, signals[WELCOME], 0);
  stop_waiting (run);
  g_object_unref (run);
}

static void
pf_first_run_dispose (GObject *object)
{
  PfFirstRun *run = PF_FIRST_RUN (object);

  stop_waiting (run);
  g_clear_object (&run->tray);
  G_OBJECT_CLASS (pf_first_run_parent_class)->dispose (object);
}

static void
pf_first_run_class_init (PfFirstRunClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_first_run_dispose;
  signals[WELCOME]
      = g_signal_new ("welcome", PF_TYPE_FIRST_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_first_run_init (PfFirstRun *run)
{
}

PfFirstRun *
pf_first_run_new (PfTray *tray)
{
  PfFirstRun *run = g_object_new (PF_TYPE_FIRST_RUN, NULL);

  run->tray = g_object_ref (tray);
  return run;
}

/**
 * pf_first_run_begin:
 * @run: a first run
 *
 * Looks, if nobody has looked before. A helper that is not there is asked again at the next start.
 */
void
pf_first_run_begin (PfFirstRun *run)
{
  g_autofree char *mark = get_mark ();

  if (run->waiting || g_file_test (mark, G_FILE_TEST_EXISTS))
    return;
  run->waiting = TRUE;
  pf_tray_hold (run->tray);
  g_signal_connect_swapped (run->tray, "changed", G_CALLBACK (on_changed), run);
  on_changed (run);
}
