namespace FunctionsAuth.Protocol.Audit;

/// <summary>Why a person was not signed in.</summary>
public enum SignInFailure
{
    /// <summary>The password is wrong, or nobody has the name.</summary>
    WrongNameOrPassword,

    /// <summary>There were too many wrong passwords, so this one was not looked at.</summary>
    Throttled,

    /// <summary>The passkey is nobody's, or its answer is not good.</summary>
    WrongPasskey,

    /// <summary>The password or the passkey is right, and the account is disabled.</summary>
    Disabled,

    /// <summary>The password is right, and the code of the second factor is wrong, or was used before.</summary>
    WrongCode,

    /// <summary>The password is right. There were too many wrong codes, so this one was not looked at.</summary>
    ThrottledCode,
}
