/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever was lent, alone and in turn with others: at home everything is exactly as before. For any board.
 */
#include "pf-test-machine.h"

#define ROUTING_REGISTER 0xd0
/* A machine with hundreds of controllers has them more or less alike. */
#define MAX_CONTROLLERS 16

static GPtrArray *profiles;

/* Returns: whether the machine can do that at all; a refusal must not have changed anything. */
static gboolean
apply (const char *id)
{
  g_autoptr (GVariant) objections = pf_test_preview (id);
  g_autoptr (GPtrArray) override = pf_test_list_codes (objections, "soft");
  g_autofree char *before = pf_test_describe_machine ();
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  if (pf_test_lend (id, (const char *const *) override->pdata, &error))
    return TRUE;
  g_test_message ("%s: %s", id, error->message);
  after = pf_test_describe_machine ();
  pf_test_assert_same (before, after);
  return FALSE;
}

static void
add_profile (const char *address, const char *ports)
{
  g_autofree char *id = g_strdup_printf ("%s-%s", address, ports);
  g_autofree char *parameters = NULL;
  g_autoptr (GVariant) answer = NULL;

  g_strdelimit (id, ":.", '-');
  parameters = g_strdup_printf ("('%s', {'controllers': <['%s']>, 'ports': <@as [%s]>})", id, address,
                                *ports == '\0' ? "" : "'all'");
  answer = pf_test_try ("root", PF_DESK_CALL_NONE,
                        &(PfTestCall){ "Manager", "AddProfile", PF_BUS_MANAGER_PATH, parameters }, NULL);
  if (answer != NULL)
    g_ptr_array_add (profiles, g_steal_pointer (&id));
}

/* A profile for each controller, and where the board has a router one more with all the ports. */
static void
add_profiles (void)
{
  g_autoptr (GPtrArray) functions = pf_test_list (PF_TEST_PCI_DEVICES);

  for (guint i = 0; i < functions->len && profiles->len < 2 * MAX_CONTROLLERS; i++)
    {
      add_profile (functions->pdata[i], "");
      add_profile (functions->pdata[i], "all");
    }
}

static void
test_each (void)
{
  g_autofree char *start = pf_test_describe_machine ();
  guint n_applied = 0;

  for (guint i = 0; i < profiles->len; i++)
    {
      g_autofree char *end = NULL;

      if (!apply (profiles->pdata[i]))
        continue;
      n_applied++;
      pf_test_go_home ();
      end = pf_test_describe_machine ();
      pf_test_assert_same (start, end);
    }
  g_assert_cmpuint (n_applied, >, 0);
}

/* From one to the next without going home in between. */
static void
test_in_turn (void)
{
  g_autofree char *start = pf_test_describe_machine ();
  g_autofree char *end = NULL;

  for (guint i = 0; i < profiles->len; i++)
    apply (profiles->pdata[i]);
  pf_test_go_home ();
  end = pf_test_describe_machine ();
  pf_test_assert_same (start, end);
}

/* Somebody had routed some ports to the EHCIs before. */
static void
test_routed_before (void)
{
  g_autoptr (GError) error = NULL;

  pf_desk_kernel_control ("poke 0000:00:14.0 d0 00000a05", &error);
  g_assert_no_error (error);
  test_each ();
  test_in_turn ();
}

int
main (int argc, char **argv)
{
  int status;

  pf_test_init (&argc, &argv);
  profiles = g_ptr_array_new_with_free_func (g_free);
  add_profiles ();
  g_test_add_func ("/restore/each", test_each);
  g_test_add_func ("/restore/in-turn", test_in_turn);
  if (pf_desk_kernel_config ("0000:00:14.0", ROUTING_REGISTER) != 0)
    g_test_add_func ("/restore/routed-before", test_routed_before);
  status = g_test_run ();
  g_ptr_array_unref (profiles);
  return status;
}
