using FunctionsAuth.Protocol.Fetch;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>The result of telling a client.</summary>
public enum LogoutCallResult
{
    Told,

    /// <summary>OpenID Connect Back-Channel Logout §2.8: with 400 the client refuses, so it is not asked again.</summary>
    Refused,

    /// <summary>A later attempt may succeed.</summary>
    Failed,
}

/// <param name="Reason">The reason for the failure, for the log.</param>
public sealed record LogoutCallAnswer(LogoutCallResult Result, string Reason, Exception? Failure = null);

/// <summary>Posts a logout token to a client: OpenID Connect Back-Channel Logout §2.5.</summary>
public sealed class LogoutCall(ClientFetcher fetcher)
{
    public async Task<LogoutCallAnswer> PostAsync(Uri uri, string token, CancellationToken cancellation)
    {
        try
        {
            var status = (int)await fetcher.PostFormAsync(uri, [new(Parameter.LogoutToken, token)], cancellation);
            return new(
                status is >= 200 and < 300 ? LogoutCallResult.Told : status == StatusCodes.Status400BadRequest ? LogoutCallResult.Refused : LogoutCallResult.Failed,
                $"the answer was {status}");
        }
        catch (FetchException e)
        {
            return new(LogoutCallResult.Failed, e.Message, e);
        }
    }
}
