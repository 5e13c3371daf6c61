namespace FunctionsAuth.Protocol.Interaction;

/// <summary>The text for a person who has proven to be the owner of a disabled account.</summary>
public static class DisabledAccount
{
    public static Phrase Text { get; } = Phrase.Of($"This account is disabled. Ask whoever runs this service.");
}
