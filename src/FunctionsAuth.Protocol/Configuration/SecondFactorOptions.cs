namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Who needs more than a password, and how long a browser is remembered.</summary>
public sealed record SecondFactorOptions
{
    /// <summary>Stands for all groups, and for people in none.</summary>
    public const string Everybody = "*";

    private static readonly TimeSpan LongestMemory = TimeSpan.FromDays(180);

    /// <summary>The groups whose members need a second factor, separated by spaces. <c>*</c> means everybody.</summary>
    public string RequiredFor { get; init; } = "";

    /// <summary>The groups whose members need a passkey, separated by spaces. <c>*</c> means everybody.</summary>
    public string PasskeyRequiredFor { get; init; } = "";

    /// <summary>
    /// How long a browser in which a person gave a code does not ask for a code again, if the person chose so. A client that asks for a second factor
    /// still gets one. 0 switches this off.
    /// </summary>
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Where a second factor is needed, a person without one gets a code by mail. The address must be verified, and the password must not have been
    /// chosen by a link that went there.
    /// </summary>
    public bool EmailCodes { get; init; }

    internal IReadOnlyList<string> RequiredForList => RequiredFor.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal IReadOnlyList<string> PasskeyRequiredForList => PasskeyRequiredFor.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal IEnumerable<string> Problems(MailOptions mail)
    {
        if (EmailCodes && !mail.IsConfigured)
            yield return "SecondFactors:EmailCodes needs a mail server: set Mail:Host and Mail:From";
        foreach (var range in Limit.Check([new("SecondFactors:RememberFor", RememberFor, TimeSpan.Zero, LongestMemory)]))
            yield return range;
    }
}
