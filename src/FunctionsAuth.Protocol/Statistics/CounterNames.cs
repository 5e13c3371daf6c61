namespace FunctionsAuth.Protocol.Statistics;

/// <summary>The hourly counters. The names are stored in rows, so they must not change.</summary>
public static class CounterNames
{
    public const string SignIns = "sign_ins";

    /// <summary>Each wrong or refused attempt, including those that the audit leaves out because there are too many.</summary>
    public const string FailedSignIns = "failed_sign_ins";

    /// <summary>Users who created their own account.</summary>
    public const string NewAccounts = "new_accounts";

    /// <summary>Token requests that were refused after the client was authenticated, or that could not be answered.</summary>
    public const string TokenErrors = "token_errors";

    /// <summary>Requests that a limit refused with status 429.</summary>
    public const string Limited = "limited";

    /// <summary>The prefix of the counters of issued tokens. The grant type follows.</summary>
    public const string TokensPrefix = "tokens:";

    /// <summary>The counter of successful token requests of a grant type.</summary>
    public static string TokensBy(string grantType) => TokensPrefix + grantType;
}
