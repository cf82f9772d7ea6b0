/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What portferryctl does for switches that need a virtual machine to take something, or to let go of it. */

#include "pf-ctl-attend.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-variant.h"
#include "pf-vm.h"

/* A group that has fallen free comes home by itself, as fast as the kernel can. */
#define HOME_SECONDS 15

static void
on_failed (PfAttendant *attendant, const char *id, gboolean attaching, const GError *error, gpointer data)
{
  PfCtl *ctl = data;
  g_autofree char *profile = pf_ctl_words_describe_profile (ctl->client, id);

  if (ctl->json)
    return;
  pf_ctl_screen_say (&ctl->errors, 0, PF_CTL_STYLE_PROBLEM,
                     attaching ? _ ("The virtual machine of %s does not take it yet: %s")
                               : _ ("The virtual machine of %s does not let go of it: %s"),
                     profile, error->message);
}

/**
 * pf_ctl_attend_begin:
 * @ctl: this run
 *
 * Returns: (transfer full): plugs in and out what a switch of this run wants, and says what goes wrong
 */
PfAttendant *
pf_ctl_attend_begin (PfCtl *ctl)
{
  PfAttendant *attendant = pf_attendant_new (ctl->client);

  g_signal_connect (attendant, "failed", G_CALLBACK (on_failed), ctl);
  return attendant;
}

/**
 * pf_ctl_attend_wait:
 * @attendant: from pf_ctl_attend_begin()
 *
 * Waits until nothing is under way; that has its own deadline.
 */
void
pf_ctl_attend_wait (PfAttendant *attendant)
{
  while (pf_attendant_is_busy (attendant))
    g_main_context_iteration (NULL, TRUE);
}

/**
 * pf_ctl_attend_names_vm:
 * @ctl: this run
 * @id: (nullable): a profile
 *
 * Returns: whether that profile says which virtual machine it is for
 */
gboolean
pf_ctl_attend_names_vm (PfCtl *ctl, const char *id)
{
  PfDBusProfile *profile = id != NULL ? pf_client_find_profile (ctl->client, id) : NULL;
  g_autoptr (PfVm) vm = profile != NULL ? pf_vm_new_for_profile (profile) : NULL;

  return vm != NULL;
}

static gboolean
is_still_lent (PfCtl *ctl, GVariant *thing)
{
  const char *address = pf_variant_get_string (thing, "address");
  PfDBusController *controller = pf_client_find_controller (ctl->client, address);

  /* A helper that has gone to sleep has brought everything home. */
  if (pf_client_get_state (ctl->client) == PF_CLIENT_ABSENT)
    return FALSE;
  return controller == NULL || g_strcmp0 (pf_dbus_controller_get_lent_by (controller), "portferry") == 0;
}

static GVariant *
filter_left (PfCtl *ctl, GVariant *left)
{
  GVariantBuilder rest;

  g_variant_builder_init (&rest, G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; i < g_variant_n_children (left); i++)
    {
      g_autoptr (GVariant) thing = g_variant_get_child_value (left, i);

      if (is_still_lent (ctl, thing))
        g_variant_builder_add_value (&rest, thing);
    }
  return g_variant_ref_sink (g_variant_builder_end (&rest));
}

static gboolean
on_time_over (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * pf_ctl_attend_wait_for_left:
 * @ctl: this run
 * @attendant: from pf_ctl_attend_begin(), before the way home
 * @left: what was not home at the end of it
 *
 * Waits until the attendant has taken that out of its virtual machine, and it has come home by itself.
 *
 * Returns: (transfer full): what is not home now
 */
GVariant *
pf_ctl_attend_wait_for_left (PfCtl *ctl, PfAttendant *attendant, GVariant *left)
{
  g_autoptr (GVariant) rest = g_variant_ref (left);
  gboolean is_over = FALSE;
  guint timeout_id;

  if (g_variant_n_children (left) == 0 || !pf_attendant_is_busy (attendant))
    return g_steal_pointer (&rest);
  pf_ctl_attend_wait (attendant);
  timeout_id = g_timeout_add_seconds (HOME_SECONDS, on_time_over, &is_over);
  while (!is_over && g_variant_n_children (rest) > 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_variant_unref (rest);
      rest = filter_left (ctl, left);
    }
  if (!is_over)
    g_source_remove (timeout_id);
  return g_steal_pointer (&rest);
}

/* --- attend --- */

static void
print_event (PfCtl *ctl, const char *event, const char *id, const char *const *controllers, const GError *error)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "event", event);
  pf_ctl_json_add_string (json, "profile", id);
  if (controllers != NULL)
    {
      json_builder_set_member_name (json, "controllers");
      pf_ctl_json_add_strv (json, controllers);
    }
  if (error != NULL)
    pf_ctl_json_add_error (json, error);
  json_builder_end_object (json);
  pf_ctl_json_print (json, FALSE);
  fflush (stdout);
}

static void
tell (PfCtl *ctl, gboolean attached, const char *id, const char *const *controllers)
{
  g_autofree char *names = g_strjoinv (", ", (char **) controllers);
  g_autofree char *profile = pf_ctl_words_describe_profile (ctl->client, id);

  if (ctl->json)
    {
      print_event (ctl, attached ? "attached" : "detached", id, controllers, NULL);
      return;
    }
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN,
                     /* Translators: the first %s is the name of a profile, the second lists PCI addresses */
                     attached ? _ ("In the virtual machine of %s: %s") : _ ("Out of the virtual machine of %s: %s"), profile,
                     names);
  fflush (stdout);
}

static void
on_attached (PfAttendant *attendant, const char *id, const char *const *controllers, gpointer data)
{
  tell (data, TRUE, id, controllers);
}

static void
on_detached (PfAttendant *attendant, const char *id, const char *const *controllers, gpointer data)
{
  tell (data, FALSE, id, controllers);
}

static void
on_failed_json (PfAttendant *attendant, const char *id, gboolean attaching, const GError *error, gpointer data)
{
  PfCtl *ctl = data;

  if (ctl->json)
    print_event (ctl, attaching ? "attach-failed" : "detach-failed", id, NULL, error);
}

static gboolean
run_attend (PfCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PfAttendant) attendant = pf_ctl_attend_begin (ctl);

  g_signal_connect (attendant, "attached", G_CALLBACK (on_attached), ctl);
  g_signal_connect (attendant, "detached", G_CALLBACK (on_detached), ctl);
  g_signal_connect (attendant, "failed", G_CALLBACK (on_failed_json), ctl);
  while (pf_client_get_state (ctl->client) != PF_CLIENT_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_propagate_error (error, g_error_copy (pf_client_get_error (ctl->client)));
  return FALSE;
}

const PfCtlCommand pf_ctl_command_attend = {
  .name = "attend",
  .summary = N_ ("Plug in and out what switches want, until interrupted"),
  .details = N_ ("What the applet in the tray does as well: for switches that others ask for, controllers go into the virtual "
                 "machine that the profile names, and come out of it."),
  .run = run_attend,
};
