/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <stdio.h>

#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"

/* One line for each event, in text or in JSON, so that scripts can read them one by one. */

static void
print_time (const PfCtl *ctl)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *text = g_date_time_format (now, "%H:%M:%S ");

  pf_ctl_screen_write (&ctl->screen, text);
}

static JsonBuilder *
begin_event (const char *event)
{
  JsonBuilder *json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "event", event);
  return json;
}

static void
end_event (JsonBuilder *json)
{
  json_builder_end_object (json);
  pf_ctl_json_print (json, FALSE);
  fflush (stdout);
}

static void
on_client_switched (PfClient *client, const char *id, const char *origin, GVariant *moves, gpointer data)
{
  PfCtl *ctl = data;
  g_autofree char *profile = NULL;

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = begin_event ("switched");

      pf_ctl_json_add_string (json, "profile", id);
      pf_ctl_json_add_string (json, "origin", origin);
      json_builder_set_member_name (json, "moves");
      pf_ctl_json_add_moves (json, moves);
      end_event (json);
      return;
    }
  profile = pf_ctl_words_describe_profile (client, id);
  print_time (ctl);
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Switched to %s (asked for by %s)"), profile,
                     origin);
  pf_ctl_words_print_moves (ctl, moves, 2);
  fflush (stdout);
}

static void
on_client_switch_failed (
    PfClient *client, const char *id, const char *origin, const GError *error, gpointer data)
{
  PfCtl *ctl = data;
  g_autofree char *profile = NULL;

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = begin_event ("switch-failed");

      pf_ctl_json_add_string (json, "profile", id);
      pf_ctl_json_add_string (json, "origin", origin);
      pf_ctl_json_add_error (json, error);
      end_event (json);
      return;
    }
  profile = pf_ctl_words_describe_profile (client, id);
  print_time (ctl);
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PROBLEM, _ ("The switch to %s failed: %s"), profile,
                     error->message);
  fflush (stdout);
}

static void
on_client_changed (PfClient *client, gpointer data)
{
  PfCtl *ctl = data;
  gboolean is_ready = pf_client_get_state (client) == PF_CLIENT_READY;
  g_autoptr (JsonBuilder) json = NULL;

  if (!ctl->json || pf_client_get_state (client) == PF_CLIENT_LOADING)
    return;
  json = begin_event (is_ready ? "changed" : "absent");
  if (is_ready)
    {
      json_builder_set_member_name (json, "status");
      pf_ctl_json_add_status (json, client);
    }
  end_event (json);
}

static void
on_client_state (PfClient *client, GParamSpec *pspec, gpointer data)
{
  PfCtl *ctl = data;
  PfClientState state = pf_client_get_state (client);

  if (ctl->json || state == PF_CLIENT_LOADING)
    return;
  print_time (ctl);
  if (state == PF_CLIENT_READY)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("The helper is there"));
  else
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("The helper is idle: everything is home"));
  fflush (stdout);
}

static gboolean
run_monitor (PfCtl *ctl, char **arguments, GError **error)
{
  g_signal_connect (ctl->client, "switched", G_CALLBACK (on_client_switched), ctl);
  g_signal_connect (ctl->client, "switch-failed", G_CALLBACK (on_client_switch_failed), ctl);
  g_signal_connect (ctl->client, "changed", G_CALLBACK (on_client_changed), ctl);
  g_signal_connect (ctl->client, "notify::state", G_CALLBACK (on_client_state), ctl);
  while (pf_client_get_state (ctl->client) != PF_CLIENT_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_propagate_error (error, g_error_copy (pf_client_get_error (ctl->client)));
  return FALSE;
}

const PfCtlCommand pf_ctl_command_monitor = {
  .name = "monitor",
  .summary = N_ ("Print what happens as it happens, until interrupted"),
  .details = N_ ("Does not start the helper and does not keep it. With --json each line is an object."),
  .run = run_monitor,
};
