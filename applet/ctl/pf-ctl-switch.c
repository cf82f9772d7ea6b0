/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-attend.h"
#include "pf-ctl-json.h"
#include "pf-ctl-unmount.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-deadline.h"
#include "pf-keys.h"
#include "pf-profile.h"

#define MIN_CONFIRM_SECONDS 5
#define MAX_CONFIRM_SECONDS 120

/* The signal Switched leaves the helper beside the answer; this is how long it may come after it. */
#define SIGNAL_GRACE_MSEC 500

static char **override;
static int confirm_seconds;
static int release_seconds;
static int attach_seconds;
static gboolean no_attach;
static gboolean unmount;
static gboolean power_off;

static const GOptionEntry switch_entries[] = {
  { "override", 0, 0, G_OPTION_ARG_STRING_ARRAY, &override,
    N_ ("Go on in spite of this objection; see preview (repeatable)"), N_ ("CODE") },
  { "confirm-seconds", 0, 0, G_OPTION_ARG_INT, &confirm_seconds,
    N_ ("Go back by itself unless confirmed in N seconds, 5 to 120"), "N" },
  { "release-seconds", 0, 0, G_OPTION_ARG_INT, &release_seconds,
    N_ ("Wait so long for a virtual machine to let go of what has to come back, 5 to 120"), "N" },
  { "attach-seconds", 0, 0, G_OPTION_ARG_INT, &attach_seconds,
    N_ ("Where the profile names a virtual machine, wait so long until it has what is lent, 5 to 120; default: 30"), "N" },
  { "no-attach", 0, 0, G_OPTION_ARG_NONE, &no_attach,
    N_ ("Plug nothing into the virtual machine that the profile names: it is started later"), NULL },
  { "unmount", 0, 0, G_OPTION_ARG_NONE, &unmount, N_ ("Unmount sticks and disks that leave the host first"),
    NULL },
  { "power-off", 0, 0, G_OPTION_ARG_NONE, &power_off,
    N_ ("Unmount sticks and disks that leave, and switch them off"), NULL },
  { NULL },
};

/* What the signal Switched said; on the way home there may be two of them. */
typedef struct
{
  char *profile;
  GVariant *moves;
  gboolean expired;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->profile);
  g_clear_pointer (&outcome->moves, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
on_client_switched (PfClient *client, const char *profile, const char *origin, GVariant *moves, gpointer data)
{
  Outcome *outcome = data;
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; outcome->moves != NULL && i < g_variant_n_children (outcome->moves); i++)
    {
      g_autoptr (GVariant) move = g_variant_get_child_value (outcome->moves, i);

      g_variant_builder_add_value (&all, move);
    }
  for (gsize i = 0; i < g_variant_n_children (moves); i++)
    {
      g_autoptr (GVariant) move = g_variant_get_child_value (moves, i);

      g_variant_builder_add_value (&all, move);
    }
  outcome_clear (outcome);
  outcome->profile = g_strdup (profile);
  outcome->moves = g_variant_ref_sink (g_variant_builder_end (&all));
}

static gboolean
on_grace_expired (gpointer data)
{
  ((Outcome *) data)->expired = TRUE;
  return G_SOURCE_REMOVE;
}

static void
await_outcome (Outcome *outcome)
{
  guint timeout = g_timeout_add (SIGNAL_GRACE_MSEC, on_grace_expired, outcome);

  while (outcome->moves == NULL && !outcome->expired)
    g_main_context_iteration (NULL, TRUE);
  if (!outcome->expired)
    g_source_remove (timeout);
}

/* Where a virtual machine has, or shall have, what is switched, we are there to plug it. */
static void
fill_options (PfCtl *ctl, const char *target, PfClientOptions *options)
{
  g_autofree char *active = pf_client_get_active_profile_id (ctl->client);

  options->origin = "ctl";
  options->override = (const char *const *) override;
  options->confirm_seconds = (guint) confirm_seconds;
  options->release_seconds = (guint) release_seconds;
  options->attach_seconds = (guint) attach_seconds;
  if (release_seconds == 0 && pf_ctl_attend_names_vm (ctl, active))
    options->release_seconds = PF_ATTENDANT_SECONDS;
  if (attach_seconds == 0 && !no_attach && pf_ctl_attend_names_vm (ctl, target))
    options->attach_seconds = PF_ATTENDANT_SECONDS;
  options->no_interaction = ctl->no_interaction;
}

static gboolean
check_options (gboolean goes_home, GError **error)
{
  if (confirm_seconds != 0
      && (confirm_seconds < MIN_CONFIRM_SECONDS || confirm_seconds > MAX_CONFIRM_SECONDS))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   _ ("--confirm-seconds takes %d to %d, not %d."), MIN_CONFIRM_SECONDS, MAX_CONFIRM_SECONDS,
                   confirm_seconds);
      return FALSE;
    }
  if (release_seconds != 0
      && (goes_home || release_seconds < MIN_CONFIRM_SECONDS || release_seconds > MAX_CONFIRM_SECONDS))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   _ ("--release-seconds takes %d to %d, and the way home never waits."), MIN_CONFIRM_SECONDS,
                   MAX_CONFIRM_SECONDS);
      return FALSE;
    }
  if (attach_seconds != 0
      && (goes_home || no_attach || attach_seconds < MIN_CONFIRM_SECONDS || attach_seconds > MAX_CONFIRM_SECONDS))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   _ ("--attach-seconds takes %d to %d, and goes neither with --no-attach nor with the way home."),
                   MIN_CONFIRM_SECONDS, MAX_CONFIRM_SECONDS);
      return FALSE;
    }
  if (goes_home && (confirm_seconds != 0 || override != NULL || unmount || power_off))
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           _ ("The way home takes no --override, --confirm-seconds, --unmount or "
                              "--power-off: it is always open."));
      return FALSE;
    }
  return TRUE;
}

/* --- Results --- */

static void
print_deadline (const PfCtl *ctl)
{
  PfDBusManager *manager = pf_client_get_manager (ctl->client);
  guint left
      = manager != NULL ? pf_deadline_get_seconds_left (pf_dbus_manager_get_deadline (manager), g_get_real_time ()) : 0;

  if (left > 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING,
                       ngettext ("Goes back by itself in %u second. Keep it with: portferryctl confirm",
                                 "Goes back by itself in %u seconds. Keep it with: portferryctl confirm",
                                 left),
                       left);
}

static void
print_outcome (const PfCtl *ctl, const char *id, const Outcome *outcome)
{
  g_autofree char *profile = pf_ctl_words_describe_profile (ctl->client, id);
  gboolean moved = outcome->moves != NULL && g_variant_n_children (outcome->moves) > 0;

  if (g_str_equal (id, PF_PROFILE_HOME))
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, "%s",
                       moved ? _ ("Everything is home:") : _ ("Everything is home; nothing changed hands."));
  else if (moved)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Switched to %s:"), profile);
  else
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("%s is in force; nothing changed hands."),
                       profile);
  if (moved)
    pf_ctl_words_print_moves (ctl, outcome->moves, 2);
  print_deadline (ctl);
}

static void
print_outcome_json (const PfCtl *ctl, const char *id, const char *transaction, const Outcome *outcome)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  PfDBusManager *manager = pf_client_get_manager (ctl->client);

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "profile", id);
  pf_ctl_json_add_string (json, "transaction", transaction);
  json_builder_set_member_name (json, "deadline");
  json_builder_add_int_value (json, manager != NULL ? pf_deadline_clamp (pf_dbus_manager_get_deadline (manager)) : 0);
  json_builder_set_member_name (json, "moves");
  pf_ctl_json_add_moves (json, outcome->moves);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static void
report_outcome (const PfCtl *ctl, const char *id, const char *transaction, const Outcome *outcome)
{
  if (ctl->json)
    print_outcome_json (ctl, id, transaction, outcome);
  else
    print_outcome (ctl, id, outcome);
}

static void
print_objections_json (const GError *failure, GVariant *objections)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_error (json, failure);
  json_builder_set_member_name (json, "objections");
  pf_ctl_json_add_objections (json, objections);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

/* Returns: (transfer full) (nullable): what speaks against a switch to @id. */
static GVariant *
preview_objections (PfCtl *ctl, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_auto (GStrv) steps = NULL;
  g_autoptr (GVariant) moves = NULL;
  GVariant *objections = NULL;

  pf_client_preview_async (ctl->client, id, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  pf_client_preview_finish (ctl->client, result, &steps, &moves, &objections, error);
  return objections;
}

/* A refusal names one objection; a person has to see them all to decide. */
static void
report_objections (PfCtl *ctl, const GError *failure, GVariant *objections)
{
  if (objections == NULL || !pf_ctl_words_speak_against (objections))
    return;
  ctl->reported = TRUE;
  if (ctl->json)
    {
      print_objections_json (failure, objections);
      return;
    }
  pf_ctl_screen_say (&ctl->errors, 0, PF_CTL_STYLE_HEADING,
                     _ ("Nothing has changed. This speaks against it:"));
  pf_ctl_words_print_objections (&ctl->errors, objections, 2);
}

/* --- Verbs --- */

static char *
call_apply (PfCtl *ctl, const char *id, const PfClientOptions *options, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pf_client_apply_async (ctl->client, id, options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_client_apply_finish (ctl->client, result, error);
}

static char *
call_toggle (PfCtl *ctl, const PfClientOptions *options, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pf_client_toggle_async (ctl->client, options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_client_toggle_finish (ctl->client, result, error);
}

/* The Return key that ended this command line, or the hotkey that called it, is better up before the keyboard
 * goes. */
static void
await_keys (void)
{
  g_autoptr (GAsyncResult) result = NULL;

  pf_keys_settle_async (NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
}

/* Toggling may lead home, where a virtual machine may have to let go of something first, and that comes home later. */
static gboolean
await_home (PfCtl *ctl, PfAttendant *attendant, const GError *why)
{
  GVariantBuilder left;
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (ctl->client);
  g_autoptr (GVariant) all = NULL;
  g_autoptr (GVariant) rest = NULL;

  if (!g_error_matches (why, PF_ERROR, PF_ERROR_HELD) || !pf_attendant_is_busy (attendant))
    return FALSE;
  g_variant_builder_init (&left, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < controllers->len; i++)
    {
      g_variant_builder_open (&left, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&left, "{sv}", "address",
                             g_variant_new_string (pf_dbus_controller_get_address (controllers->pdata[i])));
      g_variant_builder_close (&left);
    }
  all = g_variant_ref_sink (g_variant_builder_end (&left));
  rest = pf_ctl_attend_wait_for_left (ctl, attendant, all);
  return g_variant_n_children (rest) == 0;
}

/* @id is NULL for toggling. */
static char *
call_switch (PfCtl *ctl, const char *id, const char *target, GError **error)
{
  g_autoptr (PfAttendant) attendant = pf_ctl_attend_begin (ctl);
  g_autoptr (GError) failure = NULL;
  PfClientOptions options = { 0 };
  char *transaction;

  fill_options (ctl, target, &options);
  transaction = id != NULL ? call_apply (ctl, id, &options, &failure) : call_toggle (ctl, &options, &failure);
  if (transaction == NULL && g_strcmp0 (target, PF_PROFILE_HOME) == 0 && await_home (ctl, attendant, failure))
    return g_strdup ("");
  if (transaction == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return transaction;
}

/* @id is NULL for toggling. */
static char *
try_switch (PfCtl *ctl, const char *id, const char *target, Outcome *outcome, GError **error)
{
  gulong handler = g_signal_connect (ctl->client, "switched", G_CALLBACK (on_client_switched), outcome);
  char *transaction;

  await_keys ();
  transaction = call_switch (ctl, id, target, error);
  if (transaction != NULL)
    await_outcome (outcome);
  g_signal_handler_disconnect (ctl->client, handler);
  return transaction;
}

static gboolean
unmount_first (PfCtl *ctl, const char *target, GError **error)
{
  g_autoptr (GVariant) objections = NULL;

  if (!unmount && !power_off)
    return TRUE;
  objections = preview_objections (ctl, target, error);
  return objections != NULL
         && pf_ctl_unmount (ctl, objections, (const char *const *) override, power_off, error);
}

/* A switch that was refused is tried once more if all that is in the way is a stick that can be unmounted. */
static char *
switch_or_ask (PfCtl *ctl, const char *id, const char *target, Outcome *outcome, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GVariant) objections = NULL;
  char *transaction = try_switch (ctl, id, target, outcome, &failure);

  if (transaction != NULL)
    return transaction;
  if (g_error_matches (failure, PF_ERROR, PF_ERROR_OBJECTION))
    objections = preview_objections (ctl, target, NULL);
  report_objections (ctl, failure, objections);
  if (objections == NULL || !pf_ctl_unmount_ask (ctl, objections, (const char *const *) override))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  ctl->reported = FALSE;
  if (!pf_ctl_unmount (ctl, objections, (const char *const *) override, FALSE, error))
    return NULL;
  return try_switch (ctl, id, target, outcome, error);
}

/* @id is NULL for toggling. */
static gboolean
switch_and_report (PfCtl *ctl, const char *id, GError **error)
{
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *target = NULL;
  g_autofree char *transaction = NULL;
  g_autofree char *active = NULL;

  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  target = id != NULL ? g_strdup (id) : pf_client_get_toggle_profile_id (ctl->client);
  if (!unmount_first (ctl, target, error))
    return FALSE;
  transaction = switch_or_ask (ctl, id, target, &outcome, error);
  if (transaction == NULL)
    return FALSE;
  if (!pf_ctl_refresh (ctl, error))
    return FALSE;
  active = id != NULL ? g_strdup (id) : pf_client_get_active_profile_id (ctl->client);
  report_outcome (ctl, outcome.profile != NULL ? outcome.profile : active, transaction, &outcome);
  return TRUE;
}

static GError *
new_left_error (GVariant *left)
{
  guint n = (guint) g_variant_n_children (left);

  return g_error_new (PF_ERROR, PF_ERROR_HELD,
                      ngettext ("%u thing could not come home yet.", "%u things could not come home yet.", n),
                      n);
}

static void
print_left (const PfCtl *ctl, GVariant *left)
{
  for (gsize i = 0; i < g_variant_n_children (left); i++)
    {
      const char *message = "";
      g_autoptr (GVariant) item = g_variant_get_child_value (left, i);

      g_variant_lookup (item, "message", "&s", &message);
      pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_PROBLEM, "%s", message);
    }
}

static void
print_home_json (const PfCtl *ctl, const Outcome *outcome, GVariant *left)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "profile", PF_PROFILE_HOME);
  json_builder_set_member_name (json, "moves");
  pf_ctl_json_add_moves (json, outcome->moves);
  json_builder_set_member_name (json, "left");
  pf_ctl_json_add_left (json, left);
  if (g_variant_n_children (left) > 0)
    {
      g_autoptr (GError) error = new_left_error (left);

      pf_ctl_json_add_error (json, error);
    }
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static void
print_home (const PfCtl *ctl, const Outcome *outcome, GVariant *left)
{
  if (g_variant_n_children (left) == 0)
    {
      print_outcome (ctl, PF_PROFILE_HOME, outcome);
      return;
    }
  if (outcome->moves != NULL && g_variant_n_children (outcome->moves) > 0)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Came home:"));
      pf_ctl_words_print_moves (ctl, outcome->moves, 2);
    }
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Not home yet:"));
  print_left (ctl, left);
}

static gboolean
run_home (PfCtl *ctl, char **arguments, GError **error)
{
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) left = NULL;
  g_autoptr (PfAttendant) attendant = NULL;
  g_autoptr (GVariant) rest = NULL;
  PfClientOptions options = { .origin = "ctl", .no_interaction = ctl->no_interaction };
  gulong handler;

  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  attendant = pf_ctl_attend_begin (ctl);
  handler = g_signal_connect (ctl->client, "switched", G_CALLBACK (on_client_switched), &outcome);
  pf_client_return_all_async (ctl->client, &options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  left = pf_client_return_all_finish (ctl->client, result, error);
  if (left != NULL)
    await_outcome (&outcome);
  rest = left != NULL ? pf_ctl_attend_wait_for_left (ctl, attendant, left) : NULL;
  g_signal_handler_disconnect (ctl->client, handler);
  if (left == NULL)
    return FALSE;
  if (ctl->json)
    print_home_json (ctl, &outcome, rest);
  else
    print_home (ctl, &outcome, rest);
  if (g_variant_n_children (rest) == 0)
    return TRUE;
  g_propagate_error (error, new_left_error (rest));
  ctl->reported = TRUE;
  return FALSE;
}

static gboolean
run_switch (PfCtl *ctl, char **arguments, GError **error)
{
  gboolean goes_home = g_str_equal (arguments[0], PF_PROFILE_HOME);

  if (!check_options (goes_home, error))
    return FALSE;
  return goes_home ? run_home (ctl, arguments, error) : switch_and_report (ctl, arguments[0], error);
}

static gboolean
run_toggle (PfCtl *ctl, char **arguments, GError **error)
{
  return check_options (FALSE, error) && switch_and_report (ctl, NULL, error);
}

const PfCtlCommand pf_ctl_command_switch = {
  .name = "switch",
  .arguments = "ID",
  .summary = N_ ("Switch to a profile"),
  .details = N_ ("Returns when the switch is complete. One that fails is taken back first."),
  .entries = switch_entries,
  .min_arguments = 1,
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_switch,
};

const PfCtlCommand pf_ctl_command_toggle = {
  .name = "toggle",
  .summary = N_ ("Switch to the profile before this one"),
  .details = N_ ("Where there is none before it: from home to the only profile, else home."),
  .entries = switch_entries,
  .may_ask = TRUE,
  .run = run_toggle,
};

const PfCtlCommand pf_ctl_command_home = {
  .name = "home",
  .summary = N_ ("Bring everything home that can come"),
  .details = N_ ("What cannot come home is named, and the exit code is then 4."),
  .may_ask = TRUE,
  .run = run_home,
};
