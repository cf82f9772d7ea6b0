/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user of portferry-guest may do, by a real polkitd and the shipped rules, whatever that program
 * says: everything home, and profiles with GuestMaySwitch=true; nothing else. Board: z97. */
#include "pf-test-helper.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define OPEN PF_BUS_PROFILES_PATH "/open"
#define CLOSED PF_BUS_PROFILES_PATH "/closed"

static const PfTestCall forbidden[] = {
  { "Manager", "Apply", MANAGER, "(objectpath '" CLOSED "', @a{sv} {})" },
  { "Manager", "Apply", MANAGER, "(objectpath '" CLOSED "', {'origin': <'guest'>, 'vm': <'x'>})" },
  { "Manager", "Apply", MANAGER, "(objectpath '" OPEN "', {'override': <['last-keyboard']>})" },
  { "Manager", "Toggle", MANAGER, "({'override': <['last-keyboard']>},)" },
  { "Manager", "AddProfile", MANAGER, "('mine', {'guest-may-switch': <true>})" },
  { "Manager", "LabelPort", MANAGER,
    "(objectpath '" PF_BUS_CONTROLLERS_PATH "/0000_00_14_0', 'ehci1/2', 'Mine')" },
  { "Profile", "Update", OPEN, "({'label': <'Mine'>},)" },
  { "Profile", "Update", CLOSED, "({'guest-may-switch': <true>},)" },
  { "Profile", "Remove", OPEN, "()" },
};

static void
set_up (void)
{
  pf_test_add_profile ("open",
                       "{'controllers': <['00:1d.0']>, 'ports': <['ehci1/6']>, 'vfio-user': <'pf-active'>,"
                       " 'guest-may-switch': <true>}");
  pf_test_add_profile ("closed",
                       "{'controllers': <['00:1d.0']>, 'ports': <['ehci1/6']>, 'vfio-user': <'pf-active'>}");
}

static void
allow (const char *method, const char *parameters)
{
  g_autoptr (GVariant) answer
      = pf_test_call ("guest", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", method, MANAGER, parameters });
}

static void
assert_active (const char *id)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *active = pf_test_get (MANAGER, PF_TEST_MANAGER, "ActiveProfile");

  g_assert_cmpstr (active, ==, path);
}

/* Not by asking politely either: polkit asks nobody for a password here. */
static void
test_forbidden (void)
{
  static const PfDeskCallFlags flags[] = { PF_DESK_CALL_NONE, PF_DESK_CALL_INTERACTIVE };

  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    for (guint j = 0; j < G_N_ELEMENTS (flags); j++)
      pf_test_refuse ("guest", flags[j], &forbidden[i], PF_ERROR_NOT_AUTHORIZED);
  assert_active ("home");
}

static void
test_allowed (void)
{
  allow ("Apply",
         "(objectpath '" OPEN "', {'origin': <'guest'>, 'vm': <'Windows 10'>, 'no-interaction': <true>})");
  assert_active ("open");
  allow ("ReturnAll", "({'origin': <'guest'>},)");
  assert_active ("home");
  allow ("Toggle", "({'origin': <'guest'>},)");
  assert_active ("open");
  allow ("Toggle", "({'origin': <'guest'>},)");
  assert_active ("home");
  allow ("Apply", "(objectpath '" OPEN "', @a{sv} {})");
  allow ("Apply", "(objectpath '" PF_TEST_HOME "', @a{sv} {})");
  assert_active ("home");
}

/* Toggling leads where it leads, and is asked about as that. */
static void
test_toggle_to_closed (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "closed", "@a{sv} {}");

  pf_test_go_home ();
  pf_test_refuse ("guest", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Toggle", MANAGER, "(@a{sv} {},)" },
                  PF_ERROR_NOT_AUTHORIZED);
  assert_active ("home");
}

static void
end_switch (const char *id, const char *method, gboolean may)
{
  g_autofree char *transaction = pf_test_apply ("root", id, "{'confirm-seconds': <uint32 120>}");
  g_autofree char *parameters = g_strdup_printf ("('%s',)", transaction);

  if (may)
    allow (method, parameters);
  else
    pf_test_refuse ("guest", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", method, MANAGER, parameters },
                    PF_ERROR_NOT_AUTHORIZED);
  assert_active (id);
  pf_test_go_home ();
}

static void
test_confirm (void)
{
  end_switch ("open", "Confirm", TRUE);
  end_switch ("closed", "Confirm", FALSE);
}

/* What was before may be what the guest may not ask for. */
static void
test_revert (void)
{
  end_switch ("open", "Revert", FALSE);
  end_switch ("closed", "Revert", FALSE);
}

/* The flag counts as it is when it is asked for. */
static void
test_flag_withdrawn (void)
{
  g_autofree char *transaction = pf_test_apply ("root", "open", "{'confirm-seconds': <uint32 120>}");
  g_autofree char *parameters = g_strdup_printf ("('%s',)", transaction);
  g_autoptr (GVariant) withdrawn
      = pf_test_call ("root", PF_DESK_CALL_NONE,
                      &(PfTestCall){ "Profile", "Update", OPEN, "({'guest-may-switch': <false>},)" });
  g_autoptr (GVariant) given = NULL;

  pf_test_refuse ("guest", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Confirm", MANAGER, parameters },
                  PF_ERROR_NOT_AUTHORIZED);
  pf_test_go_home ();
  pf_test_refuse ("guest", PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Manager", "Apply", MANAGER, "(objectpath '" OPEN "', @a{sv} {})" },
                  PF_ERROR_NOT_AUTHORIZED);
  given = pf_test_call ("root", PF_DESK_CALL_NONE,
                        &(PfTestCall){ "Profile", "Update", OPEN, "({'guest-may-switch': <true>},)" });
}

/* A profile that would give its controllers to the guest's service is none. */
static void
test_needs_user (void)
{
  pf_test_refuse ("root", PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Profile", "Update", OPEN, "({'vfio-user': <''>},)" },
                  PF_ERROR_INVALID_PROFILE);
  pf_test_refuse ("root", PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Manager", "AddProfile", MANAGER,
                                 "('loose', {'controllers': <['00:1d.0']>, 'guest-may-switch': <true>})" },
                  PF_ERROR_INVALID_PROFILE);
}

/* Anybody who may switch can say where it came from, but not what breaks a screen. */
static void
test_origin (void)
{
  static const char *const wrong[] = {
    "{'origin': <'guest'>, 'vm': <''>}",
    "{'origin': <'guest'>, 'vm': <'a\\nb'>}",
    "{'origin': <'guest'>, 'vm': <'\\u202ex'>}",
    "{'origin': <'tray'>, 'vm': <'x'>}",
    "{'vm': <'x'>}",
    "{'origin': <'guest:x'>}",
    "{'origin': <'guest'>, 'vm': <uint32 1>}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *parameters = g_strdup_printf ("(%s,)", wrong[i]);

      pf_test_refuse ("guest", PF_DESK_CALL_NONE,
                      &(PfTestCall){ "Manager", "ReturnAll", MANAGER, parameters },
                      PF_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  set_up ();
  g_test_add_func ("/guest/forbidden", test_forbidden);
  g_test_add_func ("/guest/allowed", test_allowed);
  g_test_add_func ("/guest/toggle-to-closed", test_toggle_to_closed);
  g_test_add_func ("/guest/confirm", test_confirm);
  g_test_add_func ("/guest/revert", test_revert);
  g_test_add_func ("/guest/flag-withdrawn", test_flag_withdrawn);
  g_test_add_func ("/guest/needs-user", test_needs_user);
  g_test_add_func ("/guest/origin", test_origin);
  return g_test_run ();
}
