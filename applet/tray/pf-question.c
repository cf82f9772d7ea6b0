/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-question.h"

#include "pf-countdown.h"
#include "pf-message.h"

#define NOTIFICATIONS "org.freedesktop.Notifications"

/* A server that has not said what it can do by then is as good as none: the switch goes back after 5 s at the
 * earliest. */
#define SERVER_MSEC 1500

struct _PfQuestion
{
  GObject parent;
  GtkApplication *application; /* unowned: it owns us */
  PfTray *tray;
  gboolean buttons;          /* those of our notifications are heard */
  char *moved;               /* (nullable): what the last switch moved, in words */
  char *transaction;         /* (nullable): the switch that was last asked about */
  GtkWidget *window;         /* (nullable) */
  PfNotice *notice;          /* asks as well */
  GCancellable *cancellable; /* (nullable): while we do not know whether its buttons would be there */
  guint timeout_id;          /* while we do not know whether it is on the screen */
};

G_DEFINE_TYPE (PfQuestion, pf_question, G_TYPE_OBJECT)

static const PfTrayState *
get_state (PfQuestion *question)
{
  return pf_tray_get_state (question->tray);
}

static gboolean
is_waiting (PfQuestion *question)
{
  const PfTrayState *state = get_state (question);

  return state->presence == PF_PRESENCE_AWAKE && state->phase == PF_PHASE_AWAITING_CONFIRMATION;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfQuestion) question = user_data;
  g_autoptr (GError) error = NULL;

  /* Why not is told by the notifier; the question stands as long as the switch waits. */
  if (!pf_tray_ask_finish (PF_TRAY (source), result, &error) && question->window != NULL)
    pf_countdown_set_answering (PF_COUNTDOWN (question->window), FALSE);
  g_application_release (G_APPLICATION (question->application));
}

static void
on_window_answered (PfCountdown *window, gboolean keep, gpointer user_data)
{
  PfQuestion *question = user_data;
  PfRequest request = { .verb = keep ? PF_VERB_CONFIRM : PF_VERB_REVERT, .target = question->transaction };

  pf_countdown_set_answering (window, TRUE);
  g_application_hold (G_APPLICATION (question->application)); /* the window goes before the answer has come */
  pf_tray_ask_async (question->tray, &request, on_answered, g_object_ref (question));
}

static void
hide (PfQuestion *question)
{
  g_cancellable_cancel (question->cancellable);
  g_clear_object (&question->cancellable);
  g_clear_handle_id (&question->timeout_id, g_source_remove);
  if (question->window == NULL)
    return;
  g_signal_handlers_disconnect_by_data (question->window, question);
  gtk_widget_destroy (question->window);
  question->window = NULL;
}

static void
show (PfQuestion *question)
{
  const PfTrayState *state = get_state (question);
  const PfTrayProfile *profile = pf_tray_state_find_profile (state, state->active_id);

  g_clear_handle_id (&question->timeout_id, g_source_remove);
  if (question->window != NULL)
    return;
  question->window = pf_countdown_new (profile != NULL ? profile->label : state->active_id, state->deadline);
  pf_countdown_set_moved (PF_COUNTDOWN (question->window), question->moved);
  gtk_window_set_application (GTK_WINDOW (question->window), question->application);
  g_signal_connect (question->window, "answered", G_CALLBACK (on_window_answered), question);
  gtk_widget_show (question->window);
}

static gboolean
has_actions (GVariant *reply)
{
  g_autofree const char **capabilities = NULL;

  g_variant_get (reply, "(^a&s)", &capabilities);
  return g_strv_contains (capabilities, "actions");
}

static void
on_capabilities_got (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfQuestion *question;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  question = PF_QUESTION (user_data);
  g_clear_object (&question->cancellable);
  if (reply == NULL || !has_actions (reply))
    show (question);
}

/* That a server can show buttons does not say that it shows ours. */
static gboolean
on_timeout (gpointer user_data)
{
  PfQuestion *question = user_data;

  question->timeout_id = 0;
  if (!pf_notice_is_taken (question->notice))
    show (question);
  return G_SOURCE_REMOVE;
}

static void
on_notice_lost (PfQuestion *question)
{
  if (is_waiting (question) && question->buttons)
    show (question);
}

static void
ask (PfQuestion *question)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (question->application));

  if (bus == NULL || !question->buttons)
    {
      show (question);
      return;
    }
  question->timeout_id = g_timeout_add (SERVER_MSEC, on_timeout, question);
  question->cancellable = g_cancellable_new ();
  g_dbus_connection_call (bus, NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS,
                          "GetCapabilities", NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE,
                          SERVER_MSEC, question->cancellable, on_capabilities_got, question);
}

static void
on_tray_changed (PfTray *tray, gpointer user_data)
{
  PfQuestion *question = user_data;
  const PfTrayState *state = get_state (question);

  if (!is_waiting (question))
    {
      hide (question);
      g_clear_pointer (&question->transaction, g_free);
    }
  else if (g_strcmp0 (state->transaction, question->transaction) != 0)
    {
      hide (question);
      g_free (question->transaction);
      question->transaction = g_strdup (state->transaction);
      ask (question);
    }
}

/* It may come before the state that asks, or after. */
static void
on_client_switched (
    PfClient *client, const char *profile_id, const char *origin, GVariant *moves, gpointer user_data)
{
  PfQuestion *question = user_data;

  g_free (question->moved);
  question->moved = pf_message_describe_moves (moves);
  if (question->window != NULL)
    pf_countdown_set_moved (PF_COUNTDOWN (question->window), question->moved);
}

static void
pf_question_dispose (GObject *object)
{
  PfQuestion *question = PF_QUESTION (object);

  hide (question);
  g_clear_object (&question->notice);
  g_clear_object (&question->tray);
  G_OBJECT_CLASS (pf_question_parent_class)->dispose (object);
}

static void
pf_question_finalize (GObject *object)
{
  PfQuestion *question = PF_QUESTION (object);

  g_free (question->moved);
  g_free (question->transaction);
  G_OBJECT_CLASS (pf_question_parent_class)->finalize (object);
}

static void
pf_question_class_init (PfQuestionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_question_dispose;
  G_OBJECT_CLASS (klass)->finalize = pf_question_finalize;
}

static void
pf_question_init (PfQuestion *question)
{
}

/**
 * pf_question_new:
 * @application: has the window; it must outlive the question
 * @tray: says what waits
 * @notice: where a notification asks the same
 *
 * Returns: (transfer full): a question, at work from now on, for a process without buttons
 */
PfQuestion *
pf_question_new (GtkApplication *application, PfTray *tray, PfNotice *notice)
{
  PfQuestion *question = g_object_new (PF_TYPE_QUESTION, NULL);

  question->application = application;
  question->tray = g_object_ref (tray);
  question->notice = g_object_ref (notice);
  g_signal_connect_object (notice, "lost", G_CALLBACK (on_notice_lost), question, G_CONNECT_SWAPPED);
  g_signal_connect_object (pf_tray_get_client (tray), "switched", G_CALLBACK (on_client_switched), question,
                           0);
  g_signal_connect_object (tray, "changed", G_CALLBACK (on_tray_changed), question, 0);
  return question;
}

/**
 * pf_question_set_buttons:
 * @question: a question
 * @buttons: whether the buttons of our notifications are heard
 */
void
pf_question_set_buttons (PfQuestion *question, gboolean buttons)
{
  question->buttons = buttons;
}
