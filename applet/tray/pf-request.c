/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-request.h"

#include <glib/gi18n.h>

#include "pf-attendant.h"
#include "pf-keys.h"
#include "pf-variant.h"
#include "pf-vm.h"

/* A verb whose answer is a transaction, or TRUE: only whether it succeeded is of interest here. */
static void
return_success (GTask *task, gboolean success, GError *error)
{
  if (success)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *transaction = pf_client_apply_finish (PF_CLIENT (source), result, &error);

  return_success (task, transaction != NULL, error);
}

static void
on_toggled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *transaction = pf_client_toggle_finish (PF_CLIENT (source), result, &error);

  return_success (task, transaction != NULL, error);
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean success = pf_client_confirm_finish (PF_CLIENT (source), result, &error);

  return_success (task, success, error);
}

static void
on_reverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean success = pf_client_revert_finish (PF_CLIENT (source), result, &error);

  return_success (task, success, error);
}

/* Going home succeeds in part: what could not come is an error for whoever asked for everything. */
static void
on_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) left = pf_client_return_all_finish (PF_CLIENT (source), result, &error);
  g_autofree char *words = NULL;

  if (left == NULL)
    g_task_return_error (task, error);
  else if (g_variant_n_children (left) == 0)
    g_task_return_boolean (task, TRUE);
  else
    {
      words = pf_request_describe_left (left);
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_HELD, "%s", words);
    }
}

/* A switch that waits until the keyboard is at rest. */
typedef struct
{
  PfVerb verb;
  char *target;
  char *origin;
  char **override;
} Waiting;

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_free (waiting->target);
  g_free (waiting->origin);
  g_strfreev (waiting->override);
  g_free (waiting);
}

/* What the profile in force has lent to a virtual machine we can take out of it. Where we cannot, waiting is no use. */
static gboolean
can_release (PfClient *client)
{
  g_autofree char *active = pf_client_get_active_profile_id (client);
  PfDBusProfile *profile = active != NULL ? pf_client_find_profile (client, active) : NULL;
  g_autoptr (PfVm) vm = profile != NULL ? pf_vm_new_for_profile (profile) : NULL;

  return vm != NULL;
}

static void
on_keys_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PfClient *client = g_task_get_source_object (task);
  const Waiting *waiting = g_task_get_task_data (task);
  PfClientOptions options
      = { .origin = waiting->origin,
          .override = (const char *const *) waiting->override,
          .attach_seconds = PF_ATTENDANT_SECONDS,
          .release_seconds = can_release (client) ? PF_ATTENDANT_SECONDS : 0 };

  pf_keys_settle_finish (result, NULL);
  if (waiting->verb == PF_VERB_SWITCH)
    pf_client_apply_async (client, waiting->target, &options, NULL, on_applied, task);
  else
    pf_client_toggle_async (client, &options, NULL, on_toggled, task);
}

static void
begin_switch (GTask *task, const PfRequest *request)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->verb = request->verb;
  waiting->target = g_strdup (request->target);
  waiting->origin = g_strdup (request->origin);
  waiting->override = g_strdupv ((char **) request->override);
  g_task_set_task_data (task, waiting, waiting_free);
  pf_keys_settle_async (NULL, on_keys_settled, task);
}

/**
 * pf_request_send_async:
 * @client: the helper's client
 * @request: what to ask; copied as far as it is needed
 * @callback: called when the helper has answered
 * @user_data: for @callback
 *
 * A switch begins when the keys that are down have come up, or some 300 ms later.
 */
void
pf_request_send_async (PfClient *client,
                       const PfRequest *request,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);
  PfClientOptions options = { .origin = request->origin };

  g_task_set_name (task, "pf_request_send_async");
  switch (request->verb)
    {
    case PF_VERB_SWITCH:
    case PF_VERB_TOGGLE:
      begin_switch (task, request);
      break;
    case PF_VERB_HOME:
      pf_client_return_all_async (client, &options, NULL, on_returned, task);
      break;
    case PF_VERB_CONFIRM:
      pf_client_confirm_async (client, request->target, NULL, NULL, on_confirmed, task);
      break;
    case PF_VERB_REVERT:
      pf_client_revert_async (client, request->target, NULL, NULL, on_reverted, task);
      break;
    case PF_VERB_NONE:
    case PF_VERB_PORTS:
    case PF_VERB_LEARN:
    case PF_VERB_NEW:
    case PF_VERB_EDIT:
    case PF_VERB_WELCOME:
    case PF_VERB_DOCTOR:
    case PF_VERB_SHORTCUT:
    case PF_VERB_GUEST:
    case PF_VERB_ABOUT:
    case PF_VERB_QUIT:
      g_assert_not_reached ();
    }
}

/**
 * pf_request_send_finish:
 * @client: the helper's client
 * @result: what the callback was given
 * @error: why not, in words
 *
 * Returns: whether it was done, and done completely
 */
gboolean
pf_request_send_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pf_request_describe_left:
 * @left: an aa{sv} as ReturnAll gives it, not empty
 *
 * Returns: (transfer full): what could not come home, and why
 */
char *
pf_request_describe_left (GVariant *left)
{
  GString *words = g_string_new (_ ("Not everything could come home."));
  GVariantIter iter;
  GVariant *thing;

  g_variant_iter_init (&iter, left);
  while (g_variant_iter_loop (&iter, "@a{sv}", &thing))
    g_string_append_printf (words, "\n%s", pf_variant_get_string (thing, "message"));
  return g_string_free (words, FALSE);
}
