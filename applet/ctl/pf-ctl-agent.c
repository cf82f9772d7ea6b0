/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-agent.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#define POLKIT_AGENT_I_KNOW_API_IS_SUBJECT_TO_CHANGE
#include <polkitagent/polkitagent.h>

static struct termios terminal;

/* The listener reads a password with the echo off; being interrupted there must not leave the terminal like
 * that. */
static void
restore_terminal (int number)
{
  tcsetattr (STDIN_FILENO, TCSANOW, &terminal);
  signal (number, SIG_DFL);
  raise (number);
}

static void
guard_terminal (void)
{
  static const int fatal[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
  struct sigaction action = { .sa_handler = restore_terminal, .sa_flags = SA_NODEFER };

  if (tcgetattr (STDIN_FILENO, &terminal) != 0)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (fatal); i++)
    sigaction (fatal[i], &action, NULL);
}

/**
 * pf_ctl_agent_start:
 *
 * Lets polkit ask for a password in this terminal where the session has no agent of its own, over SSH for
 * example. It lives as long as this process; where standard input is no terminal, and for root, there is
 * nothing to ask.
 */
void
pf_ctl_agent_start (void)
{
  g_autoptr (PolkitAgentListener) listener = NULL;
  g_autoptr (PolkitSubject) subject = NULL;
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) options_value = NULL;
  g_autoptr (GError) error = NULL;

  if (!isatty (STDIN_FILENO) || geteuid () == 0)
    return;
  listener = polkit_agent_text_listener_new (NULL, &error);
  if (listener == NULL)
    {
      g_debug ("No agent in this terminal: %s", error->message);
      return;
    }
  subject = polkit_unix_process_new_for_owner (getpid (), 0, (int) getuid ());
  /* Only where no agent of the session could ask. */
  g_variant_dict_insert (&options, "fallback", "b", TRUE);
  options_value = g_variant_ref_sink (g_variant_dict_end (&options));
  if (polkit_agent_listener_register_with_options (listener, POLKIT_AGENT_REGISTER_FLAGS_NONE, subject, NULL,
                                                   options_value, NULL, &error)
      == NULL)
    g_debug ("No agent in this terminal: %s", error->message);
  else
    guard_terminal ();
}
