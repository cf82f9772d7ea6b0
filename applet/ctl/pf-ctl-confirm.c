/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl.h"

/* Returns: (transfer full) (nullable): what the user named, else the switch that waits. */
static char *
find_transaction (PfCtl *ctl, char **arguments, GError **error)
{
  const char *waiting;

  if (arguments[0] != NULL)
    return g_strdup (arguments[0]);
  if (!pf_ctl_wake (ctl, error))
    return NULL;
  waiting = pf_dbus_manager_get_transaction (pf_client_get_manager (ctl->client));
  if (waiting != NULL && *waiting != '\0')
    return g_strdup (waiting);
  g_set_error_literal (error, PF_ERROR, PF_ERROR_NO_SUCH_TRANSACTION,
                       _ ("No switch waits for confirmation."));
  return NULL;
}

static void
report (const PfCtl *ctl, const char *transaction, const char *text)
{
  g_autoptr (JsonBuilder) json = NULL;

  if (!ctl->json)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, "%s", text);
      return;
    }
  json = json_builder_new ();
  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "transaction", transaction);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static gboolean
run_confirm (PfCtl *ctl, char **arguments, GError **error)
{
  g_autofree char *transaction = find_transaction (ctl, arguments, error);
  g_autoptr (GAsyncResult) result = NULL;
  PfClientOptions options = { .no_interaction = ctl->no_interaction };

  if (transaction == NULL)
    return FALSE;
  pf_client_confirm_async (ctl->client, transaction, &options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_client_confirm_finish (ctl->client, result, error))
    return FALSE;
  report (ctl, transaction, _ ("Confirmed: it stays as it is now."));
  return TRUE;
}

static gboolean
run_revert (PfCtl *ctl, char **arguments, GError **error)
{
  g_autofree char *transaction = find_transaction (ctl, arguments, error);
  g_autoptr (GAsyncResult) result = NULL;
  PfClientOptions options = { .no_interaction = ctl->no_interaction };

  if (transaction == NULL)
    return FALSE;
  pf_client_revert_async (ctl->client, transaction, &options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_client_revert_finish (ctl->client, result, error))
    return FALSE;
  report (ctl, transaction, _ ("Taken back: everything is as before the switch."));
  return TRUE;
}

const PfCtlCommand pf_ctl_command_confirm = {
  .name = "confirm",
  .arguments = "[TRANSACTION]",
  .summary = N_ ("Keep a switch that would go back by itself"),
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_confirm,
};

const PfCtlCommand pf_ctl_command_revert = {
  .name = "revert",
  .arguments = "[TRANSACTION]",
  .summary = N_ ("Take back a switch that waits for confirmation"),
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_revert,
};
