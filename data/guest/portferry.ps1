# SPDX-License-Identifier: GPL-3.0-or-later
<#
.SYNOPSIS
Asks the host for the keyboard, from inside a virtual machine, through a serial port.

.DESCRIPTION
For Windows PowerShell 5.1 and later. README.txt says how to set it up and how to bind it to a key.

.PARAMETER Command
toggle: between the profile in force and the one before it. home: everything back to the host. switch: to the profile
named by -Id. confirm: keep a switch that would go back by itself. status: what is in force. find: tells which serial
port Portferry answers at.

.PARAMETER Id
The profile for "switch".

.PARAMETER Port
The serial port, for example COM2.

.PARAMETER Notify
Shows the answer as a notification as well.

.PARAMETER AnswerFile
Writes the answer to this file as well; portferry.ahk reads it.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File portferry.ps1 toggle -Notify
#>
param(
    [Parameter(Position = 0)]
    [ValidateSet('toggle', 'home', 'switch', 'confirm', 'status', 'find')]
    [string] $Command = 'status',

    [Parameter(Position = 1)]
    [ValidatePattern('^[a-z0-9_-]{0,64}$')]
    [string] $Id = '',

    [ValidatePattern('^COM[0-9]{1,3}$')]
    [string] $Port = $(if ($env:PORTFERRY_PORT) { $env:PORTFERRY_PORT } else { 'COM1' }),

    [switch] $Notify,

    [string] $AnswerFile = ''
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# A switch may wait for the host's kernel for as long as this, in milliseconds.
$patience = 90000

function Open-Port([string] $name) {
    $serial = New-Object System.IO.Ports.SerialPort($name, 115200, [System.IO.Ports.Parity]::None, 8,
        [System.IO.Ports.StopBits]::One)
    $serial.Handshake = [System.IO.Ports.Handshake]::None
    $serial.Encoding = [System.Text.Encoding]::ASCII
    $serial.NewLine = "`n"
    $serial.WriteTimeout = 2000
    $serial.Open()
    return $serial
}

# An empty line first ends whatever the host may have of a line; what it answers to that, and what is left from before,
# is thrown away. Lines that are no answers are noise. Throws a TimeoutException.
function Get-Answer($serial, [string] $request, [int] $milliseconds) {
    $serial.Write("`n")
    Start-Sleep -Milliseconds 200
    $serial.DiscardInBuffer()
    $serial.Write($request + "`n")
    $serial.ReadTimeout = $milliseconds
    do {
        $line = $serial.ReadLine().TrimEnd("`r")
    } until ($line -cmatch '^(ok|error)( |$)')
    return $line
}

# The value of a fact in an answer, or nothing.
function Get-Fact([string] $answer, [string] $name) {
    if ($answer -cmatch ('(?:^| )' + $name + '=([^ ]*)')) {
        return $Matches[1]
    }
    return ''
}

# What an answer means, in a sentence.
function Get-Sentence([string] $answer) {
    # What Windows says of a port may have several lines.
    if ($answer -cmatch '(?s)^error [^ ]* ?(.*)$') {
        return 'Not done: ' + $Matches[1]
    }
    $active = Get-Fact $answer 'profile'
    $seconds = Get-Fact $answer 'seconds'
    $left = Get-Fact $answer 'left'
    if ($active -eq '') {
        $text = 'Done.'
    } elseif ($active -eq 'home') {
        $text = 'Everything is home.'
    } else {
        $text = 'In force: ' + $active + '.'
    }
    if ($seconds -ne '') {
        $text += ' It goes back in ' + $seconds + ' seconds unless you confirm it.'
    }
    if ($left -ne '') {
        $text += ' ' + $left + ' come home when this machine lets go of them.'
    }
    return $text
}

function Show-Notification([string] $text) {
    Add-Type -AssemblyName System.Windows.Forms
    Add-Type -AssemblyName System.Drawing
    $icon = New-Object System.Windows.Forms.NotifyIcon
    $icon.Icon = [System.Drawing.SystemIcons]::Information
    $icon.Visible = $true
    $icon.ShowBalloonTip(5000, 'Portferry', $text, [System.Windows.Forms.ToolTipIcon]::None)
    # It goes when its icon does.
    Start-Sleep -Seconds 5
    $icon.Dispose()
}

function Write-Answer([string] $text) {
    Write-Output $text
    if ($AnswerFile -ne '') {
        [System.IO.File]::WriteAllText($AnswerFile, $text)
    }
    if ($Notify) {
        Show-Notification $text
    }
}

function Find-Port {
    foreach ($name in ([System.IO.Ports.SerialPort]::GetPortNames() | Sort-Object -Unique)) {
        $serial = $null
        try {
            $serial = Open-Port $name
            $null = Get-Answer $serial 'status' 2000
            return $name
        } catch {
            # Another program has it, or nobody answers.
            Write-Verbose ($name + ': ' + $_.Exception.Message)
        } finally {
            if ($null -ne $serial) {
                $serial.Dispose()
            }
        }
    }
    return ''
}

if ($Command -eq 'find') {
    $found = Find-Port
    if ($found -eq '') {
        Write-Answer 'Portferry answers at no serial port of this machine.'
        exit 1
    }
    Write-Answer ('Portferry answers at ' + $found + '.')
    exit 0
}
if (($Command -eq 'switch') -ne ($Id -ne '')) {
    Write-Answer '"switch" needs the ID of a profile, and the other commands take none.'
    exit 2
}

$serial = $null
$answer = ''
try {
    $serial = Open-Port $Port
    $answer = Get-Answer $serial ($Command.ToLowerInvariant() + ' ' + $Id).TrimEnd() $patience
} catch [System.TimeoutException] {
    $answer = 'error silent The host does not answer at ' + $Port + '. Is portferry-guest.socket active there?'
} catch {
    $answer = 'error port The serial port ' + $Port + ' cannot be used: ' + $_.Exception.Message
} finally {
    if ($null -ne $serial) {
        $serial.Dispose()
    }
}
Write-Answer (Get-Sentence $answer)
if ($answer -cnotmatch '^ok') {
    exit 1
}
