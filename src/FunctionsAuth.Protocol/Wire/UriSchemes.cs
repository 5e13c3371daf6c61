namespace FunctionsAuth.Protocol.Wire;

/// <summary>Schemes of redirect URIs: RFC 8252 §7.1 and §8.4.</summary>
public static class UriSchemes
{
    /// <summary>
    /// Schemes that no app can use as its own: they run script in a page, read files, open programs of the system, or belong to another protocol.
    /// </summary>
    private static readonly HashSet<string> Dangerous =
    [
        "about", "acap", "afp", "aim", "android-app", "applescript", "blob", "callto", "chrome", "chrome-extension", "cid", "content", "data", "dav", "dict", "dns",
        "edge", "facetime", "feed", "file", "filesystem", "finger", "ftp", "ftps", "geo", "git", "gopher", "h323", "hcp", "help", "http", "https", "im", "imap",
        "intent", "ipp", "irc", "ircs", "its", "jar", "javascript", "ldap", "ldaps", "livescript", "magnet", "mailto", "market", "mhtml", "mid", "mk", "mms",
        "mocha", "moz-extension", "news", "nfs", "nntp", "opera", "pop", "rdp", "res", "resource", "rlogin", "rtsp", "search", "search-ms", "sftp", "shell", "sip",
        "sips", "smb", "sms", "smsto", "snmp", "ssh", "steam", "svn", "tag", "tel", "telnet", "tftp", "tn3270", "urn", "vbscript", "view-source", "vnc", "wais",
        "webcal", "ws", "wss", "wyciwyg", "x-apple-helpbasic", "xmpp",
    ];

    /// <summary>Whether an app can use the scheme as its own. The rule is the same for all apps, whether an operator registered them or not.</summary>
    /// <param name="scheme">In lower case.</param>
    public static bool IsPrivateUse(string scheme) =>
        NameText.IsMadeOf(scheme, int.MaxValue, c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '+' or '.' or '-') && char.IsAsciiLetterLower(scheme[0])
        && !Dangerous.Contains(scheme) && !scheme.StartsWith("ms-", StringComparison.Ordinal);

    /// <summary>RFC 8252 §7.1: the scheme is a reversed domain name, so that two apps do not use the same scheme by accident.</summary>
    public static bool IsOfADomain(string scheme) => scheme.Contains('.', StringComparison.Ordinal);
}
