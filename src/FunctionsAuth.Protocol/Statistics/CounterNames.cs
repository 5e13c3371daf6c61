namespace FunctionsAuth.Protocol.Statistics;

/// <summary>What is counted by the hour. The names stand in rows, so they never change.</summary>
public static class CounterNames
{
    public const string SignIns = "sign_ins";

    /// <summary>Each wrong or refused attempt, also those that the audit leaves out because there are too many.</summary>
    public const string FailedSignIns = "failed_sign_ins";

    /// <summary>People who made themselves an account.</summary>
    public const string NewAccounts = "new_accounts";

    /// <summary>Requests that the token endpoint refused after it had authenticated the client, or could not answer.</summary>
    public const string TokenErrors = "token_errors";

    /// <summary>Requests that a limit refused with status 429.</summary>
    public const string Limited = "limited";

    /// <summary>What the counters of issued tokens begin with: the grant type follows.</summary>
    public const string TokensPrefix = "tokens:";

    /// <summary>The counter of the token requests of a grant type that succeeded.</summary>
    public static string TokensBy(string grantType) => TokensPrefix + grantType;
}
