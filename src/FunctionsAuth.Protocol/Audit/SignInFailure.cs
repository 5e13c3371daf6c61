namespace FunctionsAuth.Protocol.Audit;

/// <summary>Why a login failed.</summary>
public enum SignInFailure
{
    /// <summary>The password is wrong, or the name is unknown.</summary>
    WrongNameOrPassword,

    /// <summary>There were too many wrong passwords, so this one was not checked.</summary>
    Throttled,

    /// <summary>The passkey is unknown, or its answer is not valid.</summary>
    WrongPasskey,

    /// <summary>The password or the passkey is right, but the account is disabled.</summary>
    Disabled,

    /// <summary>The password is right, but the code of the second factor is wrong, or was used before.</summary>
    WrongCode,

    /// <summary>The password is right. There were too many wrong codes, so this one was not checked.</summary>
    ThrottledCode,
}
