/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-settings.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"

/* Prints the profile as the helper has it now. */
static gboolean
report_profile (PfCtl *ctl, const char *id, gboolean is_new, GError **error)
{
  g_autofree char *name = NULL;
  PfDBusProfile *profile;

  if (!pf_ctl_refresh (ctl, error))
    return FALSE;
  profile = pf_client_find_profile (ctl->client, id);
  if (profile == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, _ ("The profile “%s” has gone again."), id);
      return FALSE;
    }
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      pf_ctl_json_add_profile (json, ctl->client, profile);
      pf_ctl_json_print (json, TRUE);
      return TRUE;
    }
  name = pf_ctl_words_describe_profile (ctl->client, id);
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN,
                     is_new ? _ ("Added profile %s.") : _ ("Changed profile %s."), name);
  if (!pf_dbus_profile_get_valid (profile))
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PROBLEM,
                       _ ("It cannot be applied to this machine now: %s"),
                       pf_ctl_text_or_empty (pf_dbus_profile_get_problem (profile)));
  return TRUE;
}

static gboolean
run_add (PfCtl *ctl, char **arguments, GError **error)
{
  GVariant *settings = pf_ctl_settings_build (error);
  PfClientOptions options = { .no_interaction = ctl->no_interaction };
  g_autoptr (GAsyncResult) result = NULL;

  if (settings == NULL)
    return FALSE;
  pf_client_add_profile_async (ctl->client, arguments[0], settings, &options, NULL, pf_ctl_store_result,
                               &result);
  pf_ctl_await (&result);
  return pf_client_add_profile_finish (ctl->client, result, error)
         && report_profile (ctl, arguments[0], TRUE, error);
}

static gboolean
run_edit (PfCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (GVariant) settings = pf_ctl_settings_build (error);
  PfClientOptions options = { .no_interaction = ctl->no_interaction };
  g_autoptr (GAsyncResult) result = NULL;

  if (settings == NULL)
    return FALSE;
  g_variant_ref_sink (settings);
  if (g_variant_n_children (settings) == 0)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           _ ("Nothing was said that should change."));
      return FALSE;
    }
  pf_client_update_profile_async (ctl->client, arguments[0], settings, &options, NULL, pf_ctl_store_result,
                                  &result);
  pf_ctl_await (&result);
  return pf_client_update_profile_finish (ctl->client, result, error)
         && report_profile (ctl, arguments[0], FALSE, error);
}

static gboolean
run_remove (PfCtl *ctl, char **arguments, GError **error)
{
  PfClientOptions options = { .no_interaction = ctl->no_interaction };
  g_autoptr (GAsyncResult) result = NULL;

  pf_client_remove_profile_async (ctl->client, arguments[0], &options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_client_remove_profile_finish (ctl->client, result, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      json_builder_begin_object (json);
      pf_ctl_json_add_string (json, "removed", arguments[0]);
      json_builder_end_object (json);
      pf_ctl_json_print (json, TRUE);
    }
  else
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Removed profile “%s”."), arguments[0]);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_add = {
  .name = "add",
  .arguments = "ID",
  .summary = N_ ("Add a profile"),
  .details = N_ ("For example, all ports of EHCI #2 and their controller:\n"
                 "  portferryctl add games --label \"Games\" --controller 00:1a.0 --port ehci2"),
  .entries = pf_ctl_settings_add_entries,
  .min_arguments = 1,
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_add,
};

const PfCtlCommand pf_ctl_command_edit = {
  .name = "edit",
  .arguments = "ID",
  .summary = N_ ("Change a profile"),
  .details
  = N_ ("What is not named stays. Lists are replaced as a whole. \"\" forgets an icon, a user, a group or a virtual "
        "machine."),
  .entries = pf_ctl_settings_edit_entries,
  .min_arguments = 1,
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_edit,
};

const PfCtlCommand pf_ctl_command_remove = {
  .name = "remove",
  .arguments = "ID",
  .summary = N_ ("Remove a profile"),
  .min_arguments = 1,
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_remove,
};
