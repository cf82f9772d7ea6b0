/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-notifier.h"

#include <glib/gi18n.h>

#include "pf-message.h"
#include "pf-profile.h"

/* What comes in this time goes to the screen as one: a switch and its question come a moment apart. */
#define TOGETHER_MS 100

struct _PfNotifier
{
  GObject parent;
  GApplication *application; /* unowned: it owns us */
  PfTray *tray;
  PfAttendant *attendant;
  gboolean buttons;
  PfNotice *news;     /* of a switch, or why there was none */
  PfNotice *question; /* never in the place of another: some servers would go on showing its buttons */
  PfNotice *release;
  char *title; /* (nullable): what goes to the screen in a moment: news, or the question */
  char *body;
  PfNoticeKind kind;
  GStrv pending_buttons; /* (nullable) */
  guint timer;
  char *profile_id;        /* (nullable): where the last switch went */
  char *moved;             /* (nullable): what it moved, in words */
  char *failure;           /* (nullable): the failure on the screen */
  char *transaction;       /* (nullable): the last switch that we have asked about */
  char *transaction_id;    /* (nullable): the profile that it went to */
  gboolean question_shown; /* whether the question is on the screen, or on its way there */
};

G_DEFINE_TYPE (PfNotifier, pf_notifier, G_TYPE_OBJECT)

static void
forget_pending (PfNotifier *notifier)
{
  g_clear_handle_id (&notifier->timer, g_source_remove);
  g_clear_pointer (&notifier->title, g_free);
  g_clear_pointer (&notifier->body, g_free);
  g_clear_pointer (&notifier->pending_buttons, g_strfreev);
}

static void
send_pending (PfNotifier *notifier)
{
  gboolean asks = notifier->kind == PF_NOTICE_QUESTION;

  if (notifier->title != NULL)
    {
      if (asks)
        pf_notice_close (notifier->news);
      pf_notice_show (asks ? notifier->question : notifier->news, notifier->title, notifier->body,
                      notifier->kind, (const char *const *) notifier->pending_buttons);
    }
  forget_pending (notifier);
}

static gboolean
on_timer (gpointer user_data)
{
  PfNotifier *notifier = user_data;

  notifier->timer = 0;
  send_pending (notifier);
  return G_SOURCE_REMOVE;
}

static void
send (
    PfNotifier *notifier, const char *title, const char *body, PfNoticeKind kind, const char *const *buttons)
{
  forget_pending (notifier);
  notifier->title = g_strdup (title);
  notifier->body = g_strdup (body);
  notifier->kind = kind;
  notifier->pending_buttons = g_strdupv ((char **) buttons);
  notifier->timer = g_timeout_add (TOGETHER_MS, on_timer, notifier);
}

static const char *
get_label (PfNotifier *notifier, const char *profile_id)
{
  const PfTrayProfile *profile = pf_tray_state_find_profile (pf_tray_get_state (notifier->tray), profile_id);

  return profile != NULL ? profile->label : profile_id;
}

/* Where a virtual machine holds a controller, going home ends in the profile that was in force, in part. */
static char *
describe_switch (PfNotifier *notifier, const char *profile_id)
{
  if (g_str_equal (profile_id, PF_PROFILE_HOME))
    return g_strdup (_ ("Everything is home"));
  if (g_strcmp0 (profile_id, notifier->profile_id) == 0)
    /* Translators: %s is the name of a profile */
    return g_strdup_printf (_ ("Still in force: %s"), get_label (notifier, profile_id));
  /* Translators: %s is the name of a profile */
  return g_strdup_printf (_ ("Switched to %s"), get_label (notifier, profile_id));
}

/* The names of actions are those of the application; that of the switch goes with them, for an answer may
 * come late. */
static void
ask (PfNotifier *notifier)
{
  const PfTrayState *state = pf_tray_get_state (notifier->tray);
  /* Not the time of day: people do not look at a clock to know how long they have. */
  gint64 left = MAX (state->deadline - g_get_real_time (), 0);
  g_autofree char *title = pf_message_describe_countdown (
      get_label (notifier, state->active_id), (guint) ((left + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC));
  g_autofree char *confirm = g_strconcat ("confirm::", notifier->transaction, NULL);
  g_autofree char *revert = g_strconcat ("revert::", notifier->transaction, NULL);
  const char *const buttons[] = { confirm, _ ("Keep this"), revert, _ ("Revert"), NULL };
  const char *body = notifier->moved != NULL ? notifier->moved : _ ("Is it as you want it?");

  send (notifier, title, body, PF_NOTICE_QUESTION, notifier->buttons ? buttons : NULL);
  notifier->question_shown = TRUE;
}

static void
tell_of_switch (PfNotifier *notifier, const char *title, const char *profile_id, const char *origin)
{
  g_autofree char *who = pf_message_describe_origin (origin);
  g_autofree char *body = g_strconcat (notifier->moved, who != NULL ? "\n" : NULL, who, NULL);
  const char *const buttons[] = { "home", _ ("Bring everything home"), NULL };
  gboolean has_button = notifier->buttons && !g_str_equal (profile_id, PF_PROFILE_HOME);

  send (notifier, title, body, PF_NOTICE_NEWS, has_button ? buttons : NULL);
}

static void
on_notice_pressed (PfNotifier *notifier, const char *pressed)
{
  g_autoptr (GVariant) target = NULL;
  g_autofree char *action = NULL;
  g_autoptr (GError) error = NULL;

  if (g_action_parse_detailed_name (pressed, &action, &target, &error))
    g_action_group_activate_action (G_ACTION_GROUP (notifier->application), action, target);
}

static void
on_client_switched (
    PfClient *client, const char *profile_id, const char *origin, GVariant *moves, gpointer user_data)
{
  PfNotifier *notifier = user_data;
  g_autofree char *title = describe_switch (notifier, profile_id);

  g_free (notifier->profile_id);
  notifier->profile_id = g_strdup (profile_id);
  g_free (notifier->moved);
  notifier->moved = pf_message_describe_moves (moves);
  g_clear_pointer (&notifier->failure, g_free);
  /* The state may have come before the signal, and with it the question about this very switch. */
  if (notifier->question_shown && g_strcmp0 (notifier->transaction_id, profile_id) == 0)
    ask (notifier);
  else
    tell_of_switch (notifier, title, profile_id, origin);
}

static char *
describe_failure (PfNotifier *notifier, const char *profile_id)
{
  if (profile_id == NULL)
    return g_strdup (_ ("Not done"));
  if (g_str_equal (profile_id, PF_PROFILE_HOME))
    return g_strdup (_ ("Could not bring everything home"));
  /* Translators: %s is the name of a profile */
  return g_strdup_printf (_ ("Could not switch to %s"), get_label (notifier, profile_id));
}

/* A request of ours that fails in the helper is reported twice: to us in answer, and to everybody by a
 * signal. */
static void
notify_failure (PfNotifier *notifier, const char *profile_id, const GError *error)
{
  g_autofree char *title = describe_failure (notifier, profile_id);

  if (g_strcmp0 (notifier->failure, error->message) == 0)
    return;
  g_free (notifier->failure);
  notifier->failure = g_strdup (error->message);
  /* A question is not put off by it, nor taken off the screen. */
  if (notifier->title != NULL && notifier->kind == PF_NOTICE_QUESTION)
    pf_notice_show (notifier->news, title, error->message, PF_NOTICE_FAILURE, NULL);
  else
    send (notifier, title, error->message, PF_NOTICE_FAILURE, NULL);
}

/* The helper knows that no virtual machine has come; why, only who has tried to talk to it. */
static GError *
explain (PfNotifier *notifier, const GError *error)
{
  const GError *why = pf_attendant_get_failure (notifier->attendant);

  if (why == NULL || !g_error_matches (error, PF_ERROR, PF_ERROR_TIMED_OUT))
    return g_error_copy (error);
  return g_error_new (PF_ERROR, PF_ERROR_TIMED_OUT, "%s\n%s", error->message, why->message);
}

static void
on_client_switch_failed (
    PfClient *client, const char *profile_id, const char *origin, const GError *error, gpointer user_data)
{
  g_autoptr (GError) explained = explain (user_data, error);

  notify_failure (user_data, profile_id, explained);
}

/* That a machine does not take something is told when the switch is given up. */
static void
on_attendant_failed (
    PfAttendant *attendant, const char *profile_id, gboolean attaching, const GError *error, gpointer user_data)
{
  PfNotifier *notifier = user_data;
  g_autofree char *title = NULL;

  if (attaching)
    return;
  /* Translators: %s is the name of a profile */
  title = g_strdup_printf (_ ("The virtual machine of %s does not let go"), get_label (notifier, profile_id));
  pf_notice_show (notifier->release, title, error->message, PF_NOTICE_FAILURE, NULL);
}

static void
on_tray_refused (PfTray *tray, const char *profile_id, const GError *error, gpointer user_data)
{
  g_autoptr (GError) explained = explain (user_data, error);

  notify_failure (user_data, profile_id, explained);
}

/* A switch that goes back by itself asks to be kept; the question goes when it is answered. */
static void
on_tray_changed (PfTray *tray, gpointer user_data)
{
  PfNotifier *notifier = user_data;
  const PfTrayState *state = pf_tray_get_state (tray);
  gboolean awaiting = state->presence == PF_PRESENCE_AWAKE && state->phase == PF_PHASE_AWAITING_CONFIRMATION;

  if (!pf_tray_state_is_busy (state) && state->refusal == NULL)
    g_clear_pointer (&notifier->failure, g_free);
  if (awaiting && g_strcmp0 (state->transaction, notifier->transaction) != 0)
    {
      g_free (notifier->transaction);
      notifier->transaction = g_strdup (state->transaction);
      g_free (notifier->transaction_id);
      notifier->transaction_id = g_strdup (state->active_id);
      ask (notifier);
    }
  else if (!awaiting && notifier->question_shown)
    {
      if (notifier->kind == PF_NOTICE_QUESTION)
        forget_pending (notifier);
      pf_notice_close (notifier->question);
      notifier->question_shown = FALSE;
    }
}

static void
pf_notifier_finalize (GObject *object)
{
  PfNotifier *notifier = PF_NOTIFIER (object);

  send_pending (notifier); /* a process that ends has told of it all the same */
  g_object_unref (notifier->news);
  g_object_unref (notifier->question);
  g_object_unref (notifier->release);
  g_object_unref (notifier->tray);
  g_object_unref (notifier->attendant);
  g_free (notifier->profile_id);
  g_free (notifier->moved);
  g_free (notifier->failure);
  g_free (notifier->transaction);
  g_free (notifier->transaction_id);
  G_OBJECT_CLASS (pf_notifier_parent_class)->finalize (object);
}

static void
pf_notifier_class_init (PfNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_notifier_finalize;
}

static void
pf_notifier_init (PfNotifier *notifier)
{
}

static PfNotice *
create_notice (PfNotifier *notifier)
{
  PfNotice *notice = pf_notice_new (g_application_get_dbus_connection (notifier->application));

  g_signal_connect_object (notice, "pressed", G_CALLBACK (on_notice_pressed), notifier, G_CONNECT_SWAPPED);
  return notice;
}

/**
 * pf_notifier_new:
 * @application: has the actions of the buttons; it must outlive the notifier
 * @tray: what to tell of
 * @attendant: knows what went wrong with a virtual machine
 *
 * Returns: (transfer full): a notifier, at work from now on, without buttons
 */
PfNotifier *
pf_notifier_new (GApplication *application, PfTray *tray, PfAttendant *attendant)
{
  PfNotifier *notifier = g_object_new (PF_TYPE_NOTIFIER, NULL);
  PfClient *client = pf_tray_get_client (tray);

  notifier->application = application;
  notifier->news = create_notice (notifier);
  notifier->question = create_notice (notifier);
  notifier->release = create_notice (notifier);
  notifier->tray = g_object_ref (tray);
  notifier->attendant = g_object_ref (attendant);
  g_signal_connect_object (client, "switched", G_CALLBACK (on_client_switched), notifier, 0);
  g_signal_connect_object (client, "switch-failed", G_CALLBACK (on_client_switch_failed), notifier, 0);
  g_signal_connect_object (attendant, "failed", G_CALLBACK (on_attendant_failed), notifier, 0);
  g_signal_connect_object (tray, "refused", G_CALLBACK (on_tray_refused), notifier, 0);
  g_signal_connect_object (tray, "changed", G_CALLBACK (on_tray_changed), notifier, 0);
  return notifier;
}

/**
 * pf_notifier_set_buttons:
 * @notifier: a notifier
 * @buttons: whether notifications have buttons; a process that is about to end could not answer them
 */
void
pf_notifier_set_buttons (PfNotifier *notifier, gboolean buttons)
{
  notifier->buttons = buttons;
}

/**
 * pf_notifier_get_question:
 * @notifier: a notifier
 *
 * Returns: (transfer none): where it asks whether to keep a switch
 */
PfNotice *
pf_notifier_get_question (PfNotifier *notifier)
{
  return notifier->question;
}
