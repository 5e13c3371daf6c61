using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Limits;

/// <summary>Limits the mails that one network, and all networks together, can make this instance send, to any recipients.</summary>
public sealed class MailLimit(RequestSource source, TimeProvider clock)
{
    private readonly Allowance<string> ofSources = new(20, TimeSpan.FromSeconds(20), clock);
    private readonly Allowance<bool> ofAll = new(300, TimeSpan.FromMilliseconds(200), clock);

    /// <summary>Takes one mail.</summary>
    /// <exception cref="OAuthException">Status 429: the limit is reached.</exception>
    public void Take()
    {
        var isMine = source.Current is not { } network || ofSources.TryTake(network, out _);
        TimeSpan wait = TimeSpan.FromSeconds(20);
        if (isMine && ofAll.TryTake(true, out wait))
            return;
        ServerMetrics.Limited("mail");
        throw OAuthError.TooMany("Too many mails were requested", wait);
    }
}
