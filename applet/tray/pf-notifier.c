/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-notifier.h"

#include <glib/gi18n.h>

#include "pf-message.h"
#include "pf-profile.h"

#define SWITCH_ID "switch"
/* What comes in this time goes to the screen as one. A switch and its question come a moment apart, and GLib
 * can replace a notification only once the server has told its number: of two that it sends at once, one
 * would stay. */
#define TOGETHER_MS 100
#define RELEASE_ID "release"

struct _PfNotifier
{
  GObject parent;
  GApplication *application; /* unowned: it owns us */
  PfTray *tray;
  PfAttendant *attendant;
  gboolean buttons;
  GNotification *pending; /* (nullable): what goes to the screen in a moment */
  guint timer;
  char *profile_id;        /* (nullable): where the last switch went */
  char *moved;             /* (nullable): what it moved, in words */
  char *failure;           /* (nullable): the failure on the screen */
  char *transaction;       /* (nullable): the last switch that we have asked about */
  char *transaction_id;    /* (nullable): the profile that it went to */
  gboolean question_shown; /* whether the question is what is on the screen */
};

G_DEFINE_TYPE (PfNotifier, pf_notifier, G_TYPE_OBJECT)

/* Some desktops take the body for markup. A device's name is what the device says, so it must not begin a
 * tag. */
static GNotification *
create_notification (const char *title, const char *body, const char *icon_name)
{
  GNotification *notification = g_notification_new (title);
  g_autoptr (GIcon) icon = g_themed_icon_new (icon_name);
  g_autofree char *plain = g_strdelimit (g_strdup (body), "<>", '|');

  g_notification_set_body (notification, plain);
  g_notification_set_icon (notification, icon);
  return notification;
}

static void
send_pending (PfNotifier *notifier)
{
  g_clear_handle_id (&notifier->timer, g_source_remove);
  if (notifier->pending != NULL)
    g_application_send_notification (notifier->application, SWITCH_ID, notifier->pending);
  g_clear_object (&notifier->pending);
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
send (PfNotifier *notifier, GNotification *notification)
{
  g_set_object (&notifier->pending, notification);
  if (notifier->timer == 0)
    notifier->timer = g_timeout_add (TOGETHER_MS, on_timer, notifier);
}

static void
withdraw (PfNotifier *notifier)
{
  g_clear_handle_id (&notifier->timer, g_source_remove);
  g_clear_object (&notifier->pending);
  g_application_withdraw_notification (notifier->application, SWITCH_ID);
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

static void
ask (PfNotifier *notifier)
{
  const PfTrayState *state = pf_tray_get_state (notifier->tray);
  g_autofree char *title = pf_tray_state_describe (state);
  const char *body = notifier->moved != NULL ? notifier->moved : _ ("Is it as you want it?");
  g_autoptr (GNotification) notification = NULL;

  notification = create_notification (title, body, "org.portferry.Portferry");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
  if (notifier->buttons)
    {
      g_notification_add_button_with_target (notification, _ ("Keep this"), "app.confirm", "s",
                                             notifier->transaction);
      g_notification_add_button_with_target (notification, _ ("Revert"), "app.revert", "s",
                                             notifier->transaction);
    }
  send (notifier, notification);
  notifier->question_shown = TRUE;
}

static void
tell_of_switch (PfNotifier *notifier, const char *title, const char *profile_id, const char *origin)
{
  g_autofree char *who = pf_message_describe_origin (origin);
  g_autofree char *body = g_strconcat (notifier->moved, who != NULL ? "\n" : NULL, who, NULL);
  g_autoptr (GNotification) notification = create_notification (title, body, "org.portferry.Portferry");

  if (notifier->buttons && !g_str_equal (profile_id, PF_PROFILE_HOME))
    g_notification_add_button (notification, _ ("Bring everything home"), "app.home");
  send (notifier, notification);
  notifier->question_shown = FALSE;
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
  g_autoptr (GNotification) notification = NULL;

  if (g_strcmp0 (notifier->failure, error->message) == 0)
    return;
  g_free (notifier->failure);
  notifier->failure = g_strdup (error->message);
  notification = create_notification (title, error->message, "dialog-warning");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  send (notifier, notification);
  notifier->question_shown = FALSE;
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
  g_autoptr (GNotification) notification = NULL;

  if (attaching)
    return;
  /* Translators: %s is the name of a profile */
  title = g_strdup_printf (_ ("The virtual machine of %s does not let go"), get_label (notifier, profile_id));
  notification = create_notification (title, error->message, "dialog-warning");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_application_send_notification (notifier->application, RELEASE_ID, notification);
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
      withdraw (notifier);
      notifier->question_shown = FALSE;
    }
}

static void
pf_notifier_finalize (GObject *object)
{
  PfNotifier *notifier = PF_NOTIFIER (object);

  send_pending (notifier); /* a process that ends has told of it all the same */
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

/**
 * pf_notifier_new:
 * @application: sends the notifications; it must outlive the notifier
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
