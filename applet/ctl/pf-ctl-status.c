/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-away.h"
#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-deadline.h"
#include "pf-profile.h"
#include "pf-variant.h"

static guint
get_seconds_left (PfDBusManager *manager)
{
  return pf_deadline_get_seconds_left (pf_dbus_manager_get_deadline (manager), g_get_real_time ());
}

static void
print_state (const PfCtl *ctl, PfDBusManager *manager)
{
  const char *state = pf_dbus_manager_get_state (manager);
  g_autofree char *id = pf_client_get_active_profile_id (ctl->client);
  g_autofree char *profile = pf_ctl_words_describe_profile (ctl->client, id);
  gboolean is_home = g_str_equal (id, PF_PROFILE_HOME);

  /* Home may be in force and something away all the same: what could not be put back, or whose record was lost. */
  if (is_home && g_strcmp0 (state, "degraded") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("No profile is in force."));
  else if (is_home)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Everything is home."));
  else
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Profile %s is in force."), profile);
  if (g_strcmp0 (state, "applying") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("A switch is under way."));
  else if (g_strcmp0 (state, "recovering") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("A switch that failed is being taken back."));
  else if (g_strcmp0 (state, "awaiting-release") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN,
                       _ ("Waiting for a VM to let go of a controller."));
  else if (g_strcmp0 (state, "awaiting-attach") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Waiting for a VM to take what was lent to it."));
  else if (g_strcmp0 (state, "awaiting-confirmation") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN,
                       ngettext ("Goes back by itself in %u second. Keep it with: portferryctl confirm",
                                 "Goes back by itself in %u seconds. Keep it with: portferryctl confirm",
                                 get_seconds_left (manager)),
                       get_seconds_left (manager));
  else if (g_strcmp0 (state, "degraded") == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PROBLEM, _ ("Something could not be put back."));
}

static void
print_problem (const PfCtl *ctl, PfDBusManager *manager)
{
  const char *problem = pf_dbus_manager_get_problem (manager);

  if (problem != NULL && *problem != '\0')
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PROBLEM, _ ("Problem: %s"), problem);
}

static void
print_lent_controller (const PfCtl *ctl, PfDBusController *controller)
{
  const char *holder = pf_ctl_text_or_empty (pf_dbus_controller_get_holder (controller));
  const char *who = pf_ctl_text_or_empty (pf_dbus_controller_get_lender (controller));
  const char *advice = pf_ctl_text_or_empty (pf_dbus_controller_get_give_back (controller));
  g_autofree char *name = pf_ctl_words_describe_controller (controller);
  g_autofree char *held = *holder != '\0' ? g_strdup_printf (_ (", in use by %s"), holder) : g_strdup ("");

  pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_GUEST, "%s %s%s",
                     pf_dbus_controller_get_address (controller), name, held);
  if (*who != '\0')
    pf_ctl_screen_say (&ctl->screen, 4, PF_CTL_STYLE_PLAIN, _ ("by %s"), who);
  if (*advice != '\0')
    pf_ctl_screen_say (&ctl->screen, 4, PF_CTL_STYLE_PLAIN, "%s", advice);
}

/* The members of groups that went along and are no USB controllers, each once. */
static void
print_lent_members (const PfCtl *ctl, GPtrArray *members)
{
  for (guint i = 0; i < members->len; i++)
    {
      g_autofree char *name = pf_ctl_text_shorten_vendor (pf_variant_get_string (members->pdata[i], "name"));

      pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_GUEST, _ ("%s %s, which shares its IOMMU group"),
                         pf_variant_get_string (members->pdata[i], "address"), name);
    }
}

static void
print_lent_controllers (const PfCtl *ctl, GPtrArray *controllers, const char *lender, const char *title)
{
  g_autoptr (GPtrArray) members = pf_away_list_members (controllers, lender);
  gboolean any = FALSE;

  for (guint i = 0; i < controllers->len; i++)
    if (g_strcmp0 (pf_dbus_controller_get_lent_by (controllers->pdata[i]), lender) == 0)
      {
        if (!any)
          pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, "%s", title);
        any = TRUE;
        print_lent_controller (ctl, controllers->pdata[i]);
      }
  print_lent_members (ctl, members);
}

/* Returns: (transfer full): "ehci2/3 (front left: Keyboard, Mouse)", with what is known of it. */
static char *
describe_port (GVariant *port)
{
  g_autofree const char **devices = pf_variant_get_strv (port, "devices");
  g_autofree char *names = g_strjoinv (", ", (char **) devices);
  const char *name = pf_variant_get_string (port, "name");
  const char *label = pf_variant_get_string (port, "label");

  if (*label == '\0' && *names == '\0')
    return g_strdup (name);
  return g_strdup_printf ("%s (%s%s%s)", name, label, *label != '\0' && *names != '\0' ? ": " : "", names);
}

static void
print_lent_ports (const PfCtl *ctl, PfDBusRouter *router)
{
  GVariant *ports = pf_dbus_router_get_ports (router);
  g_autoptr (GString) lent = g_string_new (NULL);

  for (gsize i = 0; ports != NULL && i < g_variant_n_children (ports); i++)
    {
      g_autoptr (GVariant) port = g_variant_get_child_value (ports, i);
      g_autofree char *text = describe_port (port);

      if (g_str_equal (pf_variant_get_string (port, "owner"), "guest"))
        g_string_append_printf (lent, "%s%s", lent->len > 0 ? ", " : "", text);
    }
  if (lent->len == 0)
    return;
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Ports at the guest:"));
  pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_GUEST, "%s", lent->str);
}

static void
print_router (const PfCtl *ctl, PfDBusController *controller, PfDBusRouter *router)
{
  guint32 value = pf_dbus_router_get_value (router), mask = pf_dbus_router_get_writable_mask (router);
  g_autofree char *names = pf_ctl_words_format_bits (0, TRUE);
  g_autofree char *value_bits = pf_ctl_words_format_bits (value, FALSE);
  g_autofree char *mask_bits = pf_ctl_words_format_bits (mask, FALSE);
  g_autofree char *text = NULL;

  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Router %s: %s"),
                     pf_dbus_controller_get_address (controller), pf_dbus_router_get_chipset (router));
  /* Translators: keep the three lines of one width; "routing" is 1 for a port on the xHCI, 0 for one on an
   * EHCI. */
  text = g_strdup_printf (_ ("  ports           %s\n"
                             "  routing 0x%04x  %s   1 = xHCI, 0 = EHCI\n"
                             "  movable 0x%04x  %s\n"),
                          names, value, value_bits, mask, mask_bits);
  pf_ctl_screen_write (&ctl->screen, text);
}

static void
print_status (const PfCtl *ctl)
{
  PfDBusManager *manager = pf_client_get_manager (ctl->client);
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (ctl->client);

  print_state (ctl, manager);
  print_problem (ctl, manager);
  print_lent_controllers (ctl, controllers, "portferry", _ ("Lent to the guest:"));
  print_lent_controllers (ctl, controllers, "others",
                          _ ("Lent by others (kernel parameters, driverctl, libvirt ...):"));
  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusRouter *router = pf_client_get_router (ctl->client, controllers->pdata[i]);

      if (router != NULL)
        {
          print_lent_ports (ctl, router);
          print_router (ctl, controllers->pdata[i], router);
        }
    }
}

static gboolean
run_status (PfCtl *ctl, char **arguments, GError **error)
{
  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      pf_ctl_json_add_status (json, ctl->client);
      pf_ctl_json_print (json, TRUE);
    }
  else
    print_status (ctl);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_status = {
  .name = "status",
  .summary = N_ ("Show what is in force, what is lent and what is wrong (default)"),
  .run = run_status,
};
