/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-tray.h"

#include "pf-profile.h"
#include "pf-tray-reader.h"

/* As long as the service manager waits, which may be faster. */
#define WAKE_AGAIN_MS 500

struct _PfTray
{
  GObject parent;
  PfClient *client;
  PfTrayState *state;
  guint n_requests;
  char *wanted_id; /* (nullable): where our last request under way goes */
  char *refusal;   /* (nullable): why our last request failed */
  guint holds;
  guint wake_again;           /* timer */
  PfClientInterest *interest; /* (nullable) */
  gboolean interest_asked;
  GCancellable *cancellable;
};

G_DEFINE_TYPE (PfTray, pf_tray, G_TYPE_OBJECT)

enum
{
  CHANGED,
  REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Profiles and the one in force are remembered while the helper cannot be asked; what is plugged in is not:
 * it may have changed. */
static void
remember (const PfTrayState *old, PfTrayState *state)
{
  for (guint i = 0; i < old->profiles->len; i++)
    {
      const PfTrayProfile *profile = g_ptr_array_index (old->profiles, i);

      pf_tray_state_add_profile (state, profile->id, profile->label, profile->valid, profile->problem);
    }
  /* A helper that sleeps means that everything is home. */
  state->active_id = g_strdup (state->presence == PF_PRESENCE_ASLEEP ? PF_PROFILE_HOME : old->active_id);
}

static void
read_failure (PfTray *tray, PfTrayState *state)
{
  const GError *error = pf_client_get_error (tray->client);

  state->presence = g_error_matches (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED) ? PF_PRESENCE_FORBIDDEN
                                                                               : PF_PRESENCE_ABSENT;
  state->absence = error != NULL ? g_strdup (error->message) : NULL;
}

static PfTrayState *
read_state (PfTray *tray)
{
  PfTrayState *state = pf_tray_state_new ();

  switch (pf_client_get_state (tray->client))
    {
    case PF_CLIENT_READY:
      pf_tray_reader_read (tray->client, state);
      break;
    case PF_CLIENT_LOADING:
      state->presence = PF_PRESENCE_LOADING;
      break;
    case PF_CLIENT_FAILED:
      read_failure (tray, state);
      break;
    case PF_CLIENT_ABSENT:
      state->presence = PF_PRESENCE_ASLEEP;
      break;
    }
  if (state->presence != PF_PRESENCE_AWAKE)
    remember (tray->state, state);
  state->wanted_id = g_strdup (tray->wanted_id);
  state->refusal = g_strdup (tray->refusal);
  return state;
}

static void
refresh (PfTray *tray)
{
  g_autoptr (PfTrayState) old = tray->state;

  tray->state = read_state (tray);
  if (g_strcmp0 (old->active_id, tray->state->active_id) != 0)
    {
      /* A switch has succeeded since: why an earlier one failed is no news any more. */
      g_clear_pointer (&tray->refusal, g_free);
      g_clear_pointer (&tray->state->refusal, g_free);
    }
  g_signal_emit (tray, signals[CHANGED], 0);
}

static void
on_client_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* A failure is a state of the client, and shown as such. */
  if (!pf_client_wake_finish (PF_CLIENT (source), result, &error))
    g_debug ("The helper could not be woken: %s", error->message);
}

static void
wake (PfTray *tray)
{
  pf_client_wake_async (tray->client, tray->cancellable, on_client_woken, NULL);
}

static void
on_interest_registered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfClientInterest) interest = NULL;
  PfTray *tray;

  interest = pf_client_register_interest_finish (PF_CLIENT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  tray = PF_TRAY (user_data);
  tray->interest_asked = FALSE;
  if (interest == NULL)
    g_debug ("The helper may go to sleep: %s", error->message);
  else if (tray->holds > 0)
    g_set_object (&tray->interest, interest);
}

static void
update_interest (PfTray *tray)
{
  if (tray->holds == 0 || pf_client_get_state (tray->client) != PF_CLIENT_READY)
    {
      g_clear_object (&tray->interest);
      return;
    }
  if (tray->interest != NULL || tray->interest_asked)
    return;
  tray->interest_asked = TRUE;
  pf_client_register_interest_async (tray->client, tray->cancellable, on_interest_registered, tray);
}

static gboolean
on_wake_again (gpointer user_data)
{
  PfTray *tray = user_data;

  tray->wake_again = 0;
  if (tray->holds > 0 && pf_client_get_state (tray->client) == PF_CLIENT_ABSENT)
    wake (tray);
  return G_SOURCE_REMOVE;
}

static void
on_client_state_changed (PfTray *tray)
{
  gboolean was_lent = pf_tray_state_is_lent (tray->state);

  update_interest (tray);
  /* Nor does it while somebody looks at it: who looks waits for the next one. One that dies at every start
   * does not keep the bus busy. */
  if (pf_client_get_state (tray->client) == PF_CLIENT_ABSENT && tray->holds > 0 && tray->wake_again == 0)
    tray->wake_again = g_timeout_add (WAKE_AGAIN_MS, on_wake_again, tray);
  /* It does not sleep while something is lent, so it has crashed: started again it looks after what is lent.
   */
  if (pf_client_get_state (tray->client) == PF_CLIENT_ABSENT && was_lent)
    wake (tray);
  refresh (tray);
}

static void
pf_tray_dispose (GObject *object)
{
  PfTray *tray = PF_TRAY (object);

  g_clear_handle_id (&tray->wake_again, g_source_remove);
  g_cancellable_cancel (tray->cancellable);
  if (tray->client != NULL)
    g_signal_handlers_disconnect_by_data (tray->client, tray);
  g_clear_object (&tray->interest);
  g_clear_object (&tray->client);
  G_OBJECT_CLASS (pf_tray_parent_class)->dispose (object);
}

static void
pf_tray_finalize (GObject *object)
{
  PfTray *tray = PF_TRAY (object);

  pf_tray_state_free (tray->state);
  g_free (tray->wanted_id);
  g_free (tray->refusal);
  g_object_unref (tray->cancellable);
  G_OBJECT_CLASS (pf_tray_parent_class)->finalize (object);
}

static void
pf_tray_class_init (PfTrayClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_tray_dispose;
  G_OBJECT_CLASS (klass)->finalize = pf_tray_finalize;
  signals[CHANGED]
      = g_signal_new ("changed", PF_TYPE_TRAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REFUSED] = g_signal_new ("refused", PF_TYPE_TRAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
pf_tray_init (PfTray *tray)
{
  tray->state = pf_tray_state_new ();
  tray->cancellable = g_cancellable_new ();
}

/**
 * pf_tray_new:
 * @client: the helper's client
 *
 * Returns: (transfer full): a tray that shows what @client knows, and does not wake the helper by itself
 */
PfTray *
pf_tray_new (PfClient *client)
{
  PfTray *tray = g_object_new (PF_TYPE_TRAY, NULL);

  tray->client = g_object_ref (client);
  g_signal_connect_swapped (client, "notify::state", G_CALLBACK (on_client_state_changed), tray);
  g_signal_connect_swapped (client, "changed", G_CALLBACK (refresh), tray);
  refresh (tray);
  return tray;
}

/**
 * pf_tray_get_client:
 * @tray: a tray
 *
 * Returns: (transfer none): the helper's client
 */
PfClient *
pf_tray_get_client (PfTray *tray)
{
  return tray->client;
}

/**
 * pf_tray_get_state:
 * @tray: a tray
 *
 * Returns: (transfer none): what to show, until the next `changed`
 */
const PfTrayState *
pf_tray_get_state (PfTray *tray)
{
  return tray->state;
}

/**
 * pf_tray_hold:
 * @tray: a tray
 *
 * Wakes the helper, and keeps it awake until pf_tray_release(): while somebody looks at it, or waits for it.
 */
void
pf_tray_hold (PfTray *tray)
{
  tray->holds++;
  if (pf_client_get_state (tray->client) != PF_CLIENT_READY)
    wake (tray);
  update_interest (tray);
}

void
pf_tray_release (PfTray *tray)
{
  g_return_if_fail (tray->holds > 0);
  tray->holds--;
  update_interest (tray);
}

/* Where a request goes, as far as it is known before the helper has answered. */
static const char *
get_wanted_id (const PfRequest *request)
{
  if (request->verb == PF_VERB_SWITCH)
    return request->target;
  return request->verb == PF_VERB_HOME ? PF_PROFILE_HOME : NULL;
}

static void
on_request_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfTray *tray = g_task_get_source_object (task);
  GError *error = NULL;

  if (--tray->n_requests == 0)
    g_clear_pointer (&tray->wanted_id, g_free);
  if (!pf_request_send_finish (PF_CLIENT (source), result, &error))
    {
      g_free (tray->refusal);
      tray->refusal = g_strdup (error->message);
      g_signal_emit (tray, signals[REFUSED], 0, g_task_get_task_data (task), error);
    }
  refresh (tray);
  pf_tray_release (tray);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * pf_tray_ask_async:
 * @tray: a tray
 * @request: what to ask
 * @callback: (nullable): called when it is done or has failed
 * @user_data: for @callback
 *
 * Asks the helper, waking it where needed. The state shows the request while it is under way, and why it
 * failed.
 */
void
pf_tray_ask_async (PfTray *tray, const PfRequest *request, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (tray, NULL, callback, user_data);

  g_task_set_name (task, "pf_tray_ask_async");
  g_task_set_task_data (task, g_strdup (get_wanted_id (request)), g_free);
  g_clear_pointer (&tray->refusal, g_free);
  g_free (tray->wanted_id);
  tray->wanted_id = g_strdup (get_wanted_id (request));
  tray->n_requests++;
  pf_tray_hold (tray);
  refresh (tray);
  pf_request_send_async (tray->client, request, on_request_answered, task);
}

/**
 * pf_tray_ask_finish:
 * @tray: a tray
 * @result: what the callback was given
 * @error: why not, in words
 *
 * Returns: whether it was done
 */
gboolean
pf_tray_ask_finish (PfTray *tray, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, tray), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
